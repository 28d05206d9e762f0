import { TlsCertificateFlags } from '@tlsio/core'
import test from 'ava'
import { fromStatus } from '#src/verdict.js'

const { UNKNOWN_CA, EXPIRED, NOT_ACTIVATED, GENERIC_ERROR, REVOKED, INSECURE } = TlsCertificateFlags
const INVALID = 2

test('verdict/nothing', (t) => {
  t.deepEqual(fromStatus(0), { chainErrors: 0 })
})

test('verdict/all-reasons-at-once', (t) => {
  t.deepEqual(fromStatus(INVALID | (1 << 6) | (1 << 10)), {
    chainErrors: UNKNOWN_CA | EXPIRED,
    chainProblem: 'SIGNER_NOT_FOUND, EXPIRED',
  })
  const all = [5, 8, 9].reduce((sum, bit) => sum | (1 << bit), INVALID)
  t.is(fromStatus(all).chainErrors, REVOKED | INSECURE | NOT_ACTIVATED)
})

test('verdict/reasons-we-have-no-flag-for', (t) => {
  t.is(fromStatus(INVALID | (1 << 18)).chainProblem, 'PURPOSE_MISMATCH')
  for (const status of [INVALID, INVALID | (1 << 18), INVALID | (1 << 30)]) {
    t.is(fromStatus(status).chainErrors, GENERIC_ERROR, `${status}`)
  }
  t.is(fromStatus(INVALID | (1 << 10) | (1 << 30)).chainErrors, EXPIRED | GENERIC_ERROR)
})

test('verdict/a-staple-is-for-who-asked-for-it', (t) => {
  for (const bit of [19, 20]) t.deepEqual(fromStatus(INVALID | (1 << bit)), { chainErrors: 0 })
  t.is(fromStatus(INVALID | (1 << 20) | (1 << 5)).chainErrors, REVOKED)
})
