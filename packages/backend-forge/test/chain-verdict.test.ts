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
import forge from 'node-forge'
import { fromBinary } from '#src/binary-string.js'
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

/** How many signatures forge checks meanwhile. */
function signaturesChecked(run: () => void): number {
  const rsa = forge.pki.rsa as unknown as { decrypt: (...words: unknown[]) => string }
  const { decrypt } = rsa
  let count = 0
  rsa.decrypt = (...words) => {
    count++
    return decrypt(...words)
  }
  try {
    run()
  } finally {
    rsa.decrypt = decrypt
  }
  return count
}

/** A certificate that says it is the one that issued the leaf. */
function pretender(serial: number, key: forge.pki.rsa.PublicKey): Uint8Array {
  const made = forge.pki.createCertificate()
  made.publicKey = key
  made.serialNumber = `0${serial.toString(16)}`
  made.validity.notBefore = new Date('2020-01-01')
  made.validity.notAfter = new Date('2120-01-01')
  made.setSubject(commonName('Test Intermediate CA'))
  made.setIssuer(commonName('Test CA'))
  made.setExtensions([{ name: 'basicConstraints', cA: true }])
  made.sign(forge.pki.privateKeyFromPem(forA.privateKey))
  return fromBinary(forge.asn1.toDer(forge.pki.certificateToAsn1(made)).getBytes())
}

/** Encoded as in the certificates of the fixtures: other encodings are other names to forge. */
function commonName(value: string): forge.pki.CertificateField[] {
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class
  return [{ shortName: 'CN', value, valueTagClass }]
}

test.serial('chain-verdict/any-number-of-pretenders-costs-little', (t) => {
  const { n, e } = forge.pki.privateKeyFromPem(forA.privateKey)
  const pretenders = Array.from({ length: 60 }, (_, at) =>
    pretender(at + 1, forge.pki.setRsaPublicKey(n, e)),
  )
  const checked = signaturesChecked(() => {
    t.is(verdict([leaf, ...pretenders, intermediate]).chainErrors & UNKNOWN_CA, UNKNOWN_CA)
  })
  t.true(checked >= 30 && checked <= 40, `${checked} signatures were checked`)
})

test.serial('chain-verdict/keys-of-absurd-size-are-not-used', (t) => {
  const huge = new forge.jsbn.BigInteger(`1${'0'.repeat(2046)}1`, 16)
  const exponent = new forge.jsbn.BigInteger(`1${'0'.repeat(2045)}1`, 16)
  const { n } = forge.pki.privateKeyFromPem(forA.privateKey)
  const absurd = [forge.pki.setRsaPublicKey(huge, huge), forge.pki.setRsaPublicKey(n, exponent)]
  const checked = signaturesChecked(() => {
    verdict([leaf, ...absurd.map((key, at) => pretender(at + 1, key))])
  })
  t.is(checked, 0)
})
