import type { TlsCertificate } from '@tlsio/core'
import test from 'ava'
import { certificateMatchesIdentity } from '#src/identity-match.js'
import { canonicalIdentity } from '#src/server-identity.js'

function matches(dnsNames: string[], ipAddresses: string[], hostname: string): boolean {
  const certificate = { dnsNames, ipAddresses } as unknown as TlsCertificate
  return certificateMatchesIdentity(certificate, canonicalIdentity({ hostname }))
}

test('identity-match/name-in-any-case', (t) => {
  t.true(matches(['A.Test'], [], 'a.TEST'))
  t.false(matches(['a.test'], [], 'b.test'))
  t.false(matches(['a.test'], [], 'x.a.test'))
})

test('identity-match/wildcard-is-one-whole-left-most-label', (t) => {
  t.true(matches(['*.a.test'], [], 'x.a.test'))
  t.false(matches(['*.a.test'], [], 'a.test'))
  t.false(matches(['*.a.test'], [], 'x.y.a.test'))
  t.false(matches(['x*.a.test'], [], 'xy.a.test'))
  t.false(matches(['*.test'], [], 'a.test'))
  t.false(matches(['x.*.test'], [], 'x.a.test'))
  t.false(matches(['*'], [], 'test'))
})

test('identity-match/addresses-only-by-address-names', (t) => {
  t.true(matches([], ['127.0.0.1'], '127.0.0.1'))
  t.true(matches([], ['::1'], '0:0:0:0:0:0:0:1'))
  t.false(matches(['127.0.0.1'], [], '127.0.0.1'))
  t.false(matches(['a.test'], ['127.0.0.1'], '127.0.0.2'))
})
