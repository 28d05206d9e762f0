import {
  expired,
  forA,
  forgedExpiredWithRealCa,
  fromOtherCa,
  intermediateMissing,
  otherCa,
  selfSigned,
  testCa,
  viaIntermediate,
  withEcKey,
  withExpiredLink,
} from '@tlsio/conformance/fixtures'
import {
  describeCertificateFlags,
  TlsCertificate,
  TlsCertificateFlags,
  TlsDatabase,
} from '@tlsio/core'
import test from 'ava'
import { chainVerdict } from '#src/chain-verdict.js'

const { UNKNOWN_CA, GENERIC_ERROR } = TlsCertificateFlags
const trusted = TlsDatabase.fromPem(testCa)

function ders(...pems: readonly string[]): Uint8Array[] {
  return TlsCertificate.listFromPem(pems.join('')).map(({ der }) => der)
}

function verdict(chain: readonly Uint8Array[], database: TlsDatabase | null = trusted) {
  return chainVerdict(chain, database, 'serverAuth')
}

const [leaf, intermediate] = ders(viaIntermediate.certificate) as [Uint8Array, Uint8Array]
const [root] = ders(testCa) as [Uint8Array]
const [other] = ders(otherCa) as [Uint8Array]

/** Chains by what is said of them; whatever order they are sent in. */
const cases: Readonly<Record<string, { chain: readonly Uint8Array[]; errors: number }>> = {
  'straight-to-the-anchor': { chain: ders(forA.certificate), errors: 0 },
  'through-an-intermediate': { chain: [leaf, intermediate], errors: 0 },
  'with-the-root': { chain: [leaf, intermediate, root], errors: 0 },
  'out-of-order': { chain: [leaf, root, intermediate], errors: 0 },
  'with-duplicates': { chain: [leaf, leaf, intermediate, intermediate, leaf], errors: 0 },
  'with-strangers': { chain: [leaf, other, intermediate], errors: 0 },
  'with-an-expired-link-nobody-needs': { chain: ders(withExpiredLink.certificate), errors: 0 },
  'intermediate-missing': { chain: ders(intermediateMissing.certificate), errors: UNKNOWN_CA },
  'from-somebody-else': { chain: ders(fromOtherCa.certificate), errors: UNKNOWN_CA },
  'self-signed': { chain: ders(selfSigned.certificate), errors: UNKNOWN_CA },
  'forged-beside-the-real-one': {
    chain: ders(forgedExpiredWithRealCa.certificate),
    errors: UNKNOWN_CA,
  },
  // The dates of the leaf are core's.
  'expired-leaf': { chain: ders(expired.certificate), errors: 0 },
  'key-that-forge-cannot-read': {
    chain: ders(withEcKey.certificate),
    errors: UNKNOWN_CA | GENERIC_ERROR,
  },
  'no-certificate-at-all': { chain: [Uint8Array.of(1, 2, 3)], errors: UNKNOWN_CA | GENERIC_ERROR },
}

for (const [name, { chain, errors }] of Object.entries(cases)) {
  test(`chain-verdict/${name}`, (t) => {
    const { chainErrors, chainProblem } = verdict(chain)
    // A chain that nobody vouches for may have other faults besides.
    const found = errors === UNKNOWN_CA ? chainErrors & UNKNOWN_CA : chainErrors
    t.is(found, errors, `${describeCertificateFlags(chainErrors)}: ${chainProblem}`)
    t.is(chainProblem === undefined, chainErrors === 0)
  })
}

test('chain-verdict/nobody-is-trusted', (t) => {
  t.is(verdict([leaf, intermediate], null).chainErrors & UNKNOWN_CA, UNKNOWN_CA)
  const nobody = TlsDatabase.fromCertificates([])
  t.is(verdict([leaf, intermediate], nobody).chainErrors & UNKNOWN_CA, UNKNOWN_CA)
})

test('chain-verdict/leaf-that-is-an-anchor-itself', (t) => {
  t.is(
    verdict(ders(selfSigned.certificate), TlsDatabase.fromPem(selfSigned.certificate)).chainErrors,
    0,
  )
})

test('chain-verdict/purpose', (t) => {
  const { chainErrors, chainProblem } = chainVerdict(ders(forA.certificate), trusted, 'clientAuth')
  t.is(chainErrors, GENERIC_ERROR)
  t.regex(chainProblem ?? '', /clientAuth/)
})

test('chain-verdict/anchors-that-forge-cannot-read-are-passed-over', (t) => {
  const both = TlsDatabase.fromPem(withEcKey.certificate + testCa)
  t.is(verdict([leaf, intermediate], both).chainErrors, 0)
})

test('chain-verdict/leaf-as-issuer-of-a-leaf', (t) => {
  // forA is no authority, so what claims to come from it does not lead anywhere.
  const { chainErrors } = verdict([
    ...ders(intermediateMissing.certificate),
    ...ders(forA.certificate),
  ])
  t.is(chainErrors & UNKNOWN_CA, UNKNOWN_CA)
})
