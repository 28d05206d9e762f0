import { createNodeBackend } from '@tlsio/backend-node'
import test from 'ava'
import { fuzz, LONGEST } from './support/fuzz.js'

test('robustness/fuzz/node', async (t) => {
  t.timeout(LONGEST + 60_000)
  await fuzz(t, createNodeBackend(), 10_000)
})
