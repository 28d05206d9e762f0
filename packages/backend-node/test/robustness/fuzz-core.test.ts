import test from 'ava'
import { fuzz, LONGEST } from './support/fuzz.js'
import { PlainBackend } from './support/plain-backend.js'

test('robustness/fuzz/core-without-encryption', async (t) => {
  t.timeout(LONGEST + 60_000)
  await fuzz(t, new PlainBackend(), 10_000)
})
