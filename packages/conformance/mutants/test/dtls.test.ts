import { planConformance } from '@tlsio/conformance'
import test from 'ava'
import { withDtls } from '#src/plain-dtls/backend.js'

// What mutants of DTLS are made from must pass, or they prove nothing.
const plan = planConformance({ createBackend: withDtls() }).filter(({ name }) =>
  name.startsWith('dtls/'),
)

test('dtls/there-are-cases', (t) => {
  t.true(plan.length > 20)
})

for (const { title, run } of plan) {
  test.serial(title, async (t) => {
    await t.notThrowsAsync(run())
  })
}
