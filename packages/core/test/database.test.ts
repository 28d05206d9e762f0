import {
  expired,
  forA,
  forB,
  forClientsOnly,
  forgedExpiredWithRealCa,
  forLocalhost,
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
  type PathVerdict,
  type ServerIdentity,
  TlsCertificate,
  TlsCertificateFlags,
  TlsDatabase,
  type TlsDatabaseOptions,
  type VerifyChainOptions,
} from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import {
  type Made,
  make,
  NOW,
  nameOf,
  without,
} from './path-validation/support/certificate-maker.js'
import { listOf, SERIAL } from './path-validation/support/list-maker.js'

const { UNKNOWN_CA, BAD_IDENTITY, NOT_ACTIVATED, EXPIRED, REVOKED, GENERIC_ERROR } =
  TlsCertificateFlags

const trusted = TlsDatabase.fromPem(testCa)
const a = { hostname: 'a.test' }

function ders(...pems: readonly string[]): Uint8Array[] {
  return TlsCertificate.listFromPem(pems.join('')).map(({ der }) => der)
}

function certificateFrom({ der }: Made): TlsCertificate {
  return TlsCertificate.fromDerChain([der])
}

function verify(
  chain: readonly Uint8Array[],
  options: VerifyChainOptions = {},
  database = trusted,
): Promise<number> {
  return database.verifyChain(TlsCertificate.fromDerChain(chain), options)
}

async function expectFlags(t: ExecutionContext, found: Promise<number>, expected: number) {
  const flags = await found
  t.is(flags, expected, describeCertificateFlags(flags))
}

const [leaf, intermediate] = ders(viaIntermediate.certificate) as [Uint8Array, Uint8Array]
const [root] = ders(testCa) as [Uint8Array]
const [other] = ders(otherCa) as [Uint8Array]

/** Chains by what is said of them. */
const chains: Readonly<Record<string, readonly [chain: readonly Uint8Array[], flags: number]>> = {
  'straight-to-the-anchor': [ders(forA.certificate), 0],
  'through-an-intermediate': [[leaf, intermediate], 0],
  'with-the-root': [[leaf, intermediate, root], 0],
  'out-of-order': [[leaf, root, intermediate], 0],
  'with-duplicates': [[leaf, leaf, intermediate, intermediate, leaf], 0],
  'with-strangers': [[leaf, other, ...ders(forB.certificate), intermediate], 0],
  'with-an-expired-link-nobody-needs': [ders(withExpiredLink.certificate), 0],
  'with-an-ec-key': [ders(withEcKey.certificate), 0],
  'intermediate-missing': [ders(intermediateMissing.certificate), UNKNOWN_CA],
  'from-somebody-else': [ders(fromOtherCa.certificate), UNKNOWN_CA],
  'self-signed': [ders(selfSigned.certificate), UNKNOWN_CA],
  'forged-and-expired-beside-the-real-one': [
    ders(forgedExpiredWithRealCa.certificate),
    // It has no key identifiers either.
    UNKNOWN_CA | EXPIRED | GENERIC_ERROR,
  ],
  'expired-leaf': [ders(expired.certificate), EXPIRED],
  // Whoever is no authority vouches for nobody.
  'leaf-as-issuer': [ders(intermediateMissing.certificate, forA.certificate), UNKNOWN_CA],
}

for (const [name, [chain, flags]] of Object.entries(chains)) {
  test(`database/verify-chain/${name}`, (t) => expectFlags(t, verify(chain), flags))
}

test('database/verify-chain/others-that-are-not-linked', async (t) => {
  await expectFlags(t, verify([leaf]), UNKNOWN_CA)
  await expectFlags(t, verify([leaf], { others: [other, intermediate] }), 0)
  const garbage = [Uint8Array.of(1, 2, 3), new Uint8Array(), intermediate]
  await expectFlags(t, verify([leaf], { others: garbage }), 0)
})

test('database/verify-chain/nobody-is-trusted', async (t) => {
  await expectFlags(t, verify([leaf, intermediate], {}, new TlsDatabase()), UNKNOWN_CA)
  const database = TlsDatabase.fromCertificates([])
  await expectFlags(t, verify([leaf, intermediate, root], {}, database), UNKNOWN_CA)
})

test('database/verify-chain/leaf-that-is-an-anchor-itself', async (t) => {
  const chain = ders(selfSigned.certificate)
  await expectFlags(t, verify(chain, {}, TlsDatabase.fromPem(selfSigned.certificate)), 0)
  const both = TlsDatabase.fromPem(otherCa + selfSigned.certificate)
  await expectFlags(t, verify(chain, { identity: { hostname: 'c.test' } }, both), BAD_IDENTITY)
})

test('database/verify-chain/purpose', async (t) => {
  const forServer = ders(forA.certificate)
  await expectFlags(t, verify(forServer, { purpose: 'serverAuth' }), 0)
  await expectFlags(t, verify(forServer, { purpose: 'clientAuth' }), GENERIC_ERROR)
  const clients = make({ purposes: ['1.3.6.1.5.5.7.3.2'] })
  const database = new TlsDatabase([certificateFrom(clients)])
  await expectFlags(t, verify([clients.der], { purpose: 'clientAuth', time: NOW }, database), 0)
  await expectFlags(t, verify([clients.der], { time: NOW }, database), GENERIC_ERROR)
})

test('database/verify-chain/anchors-of-other-kinds-do-no-harm', async (t) => {
  const both = TlsDatabase.fromPem(withEcKey.certificate + forClientsOnly.certificate + testCa)
  await expectFlags(t, verify([leaf, intermediate], {}, both), 0)
})

test('database/verify-chain/identity', async (t) => {
  const identities: readonly (readonly [ServerIdentity | null | undefined, number])[] = [
    [undefined, 0],
    [null, 0],
    [{ hostname: 'localhost' }, 0],
    [{ hostname: 'LOCALHOST.', port: 990 }, 0],
    [{ hostname: '127.0.0.1' }, 0],
    [{ address: '127.0.0.1' }, 0],
    [{ address: '0:0::1' }, 0],
    [{ address: '127.0.0.2' }, BAD_IDENTITY],
    [{ hostname: 'b.test' }, BAD_IDENTITY],
  ]
  for (const [identity, flags] of identities) {
    await expectFlags(t, verify(ders(forLocalhost.certificate), { identity }), flags)
  }
  const empty = { identity: { hostname: '' } }
  await t.throwsAsync(verify([leaf], empty), { instanceOf: TypeError })
})

test('database/verify-chain/all-flags-that-apply', async (t) => {
  const identity = { hostname: 'b.test' }
  const chain = ders(expired.certificate)
  await expectFlags(t, verify(chain, { identity }), BAD_IDENTITY | EXPIRED)
  const purpose = 'clientAuth'
  const three = BAD_IDENTITY | EXPIRED | GENERIC_ERROR
  await expectFlags(t, verify(chain, { identity, purpose }), three)
  const elsewhere = TlsDatabase.fromPem(otherCa)
  await expectFlags(t, verify(chain, { identity, purpose }, elsewhere), three | UNKNOWN_CA)
})

test('database/verify-chain/time', async (t) => {
  const certificate = TlsCertificate.fromPem(forA.certificate)
  const at = (time: number) => trusted.verifyChain(certificate, { time })
  await expectFlags(t, at(certificate.notBefore.getTime() - 1000), NOT_ACTIVATED)
  await expectFlags(t, at(certificate.notBefore.getTime()), 0)
  await expectFlags(t, at(certificate.notAfter.getTime()), 0)
  await expectFlags(t, at(certificate.notAfter.getTime() + 1000), EXPIRED)
})

test('database/verify-chain/time-that-is-none-is-within-no-validity', async (t) => {
  const flags = await verify(ders(forA.certificate), { time: Number.NaN })
  t.not(flags, 0)
})

test('database/verify-chain/abort', async (t) => {
  const reason = new Error('no longer wanted')
  const certificate = TlsCertificate.fromDerChain([leaf, intermediate])
  let verdicts = 0
  const onVerdict = () => verdicts++
  const before = trusted.verifyChain(certificate, { signal: AbortSignal.abort(reason), onVerdict })
  t.is(await t.throwsAsync(before), reason)
  const controller = new AbortController()
  const { signal } = controller
  const during = new TlsDatabase(trusted.anchors).verifyChain(certificate, { signal, onVerdict })
  controller.abort(reason)
  t.is(await t.throwsAsync(during), reason)
  t.is(verdicts, 0)
})

test('database/verify-chain/verdict', async (t) => {
  const verdicts: PathVerdict[] = []
  const onVerdict = (verdict: PathVerdict) => verdicts.push(verdict)
  await verify([leaf, other, intermediate], { onVerdict })
  t.deepEqual(verdicts, [{ flags: 0, findings: [], path: [leaf, intermediate, root] }])
  const flags = await verify(ders(expired.certificate), {
    identity: { hostname: 'b.test' },
    onVerdict,
  })
  t.is(verdicts.length, 2)
  t.is(verdicts[1]?.flags, flags)
  const short = verdicts[1]?.findings.map(({ rule, position, extension }) => [
    rule,
    position,
    extension,
  ])
  t.deepEqual(short, [
    ['expired', 0, undefined],
    ['identity', 0, '2.5.29.17'],
  ])
})

test('database/verify-chain/leaf-that-is-not-in-der', async (t) => {
  // A serial number with a zero too many: other readers let it pass.
  const certificate = TlsCertificate.fromDerChain([make({ serial: [0, 1] }).der])
  const found: PathVerdict[] = []
  const flags = await new TlsDatabase([certificate]).verifyChain(certificate, {
    identity: { hostname: 'b.test' },
    time: NOW,
    onVerdict: (verdict) => found.push(verdict),
  })
  t.is(flags, UNKNOWN_CA | GENERIC_ERROR | BAD_IDENTITY)
  t.deepEqual(
    found[0]?.findings.map(({ rule }) => rule),
    ['encoding', 'identity'],
  )
  t.deepEqual(found[0]?.path, [certificate.der])
})

test('database/options/senseless-ones', async (t) => {
  const profile = 'lax' as 'tolerant'
  t.throws(() => new TlsDatabase([], { profile }), {
    instanceOf: TypeError,
    message: /profile "lax"/,
  })
  t.throws(() => TlsDatabase.fromPem(testCa, { profile }), { instanceOf: TypeError })
  const purpose = 'codeSigning' as 'serverAuth'
  const asked = verify([leaf], { purpose })
  await t.throwsAsync(asked, { instanceOf: TypeError, message: /purpose "codeSigning"/ })
  // A string is iterable, too.
  for (const anchors of [testCa, [testCa], [root], [null]]) {
    t.throws(() => new TlsDatabase(anchors as unknown as TlsCertificate[]), {
      instanceOf: TypeError,
      message: /fromPem/,
    })
  }
})

test('database/from-pem', (t) => {
  const text = `Ours:\r\n${testCa.replaceAll('\n', '\r\n')}theirs:\n${otherCa}the end`
  const names = TlsDatabase.fromPem(text).anchors.map(({ subjectName }) => subjectName)
  t.deepEqual(names, ['CN=Test CA', 'CN=Other Test CA'])
  for (const nothing of ['', 'nothing', forA.privateKey]) {
    t.throws(() => TlsDatabase.fromPem(nothing), { code: 'TLS_MISC' })
  }
  const damaged = testCa.replace(/\n.{64}\n/, '\n')
  t.throws(() => TlsDatabase.fromPem(otherCa + damaged), { code: 'TLS_BAD_CERTIFICATE' })
})

const ca = make({ ca: true, name: 'ca' })
const revoked = make({ issuer: ca, serial: SERIAL })
const list = listOf(ca)

function pem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64')
  return `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`
}

const caPem = pem('CERTIFICATE', ca.der)

test('database/revocation-lists/by-option', async (t) => {
  const anchors = [certificateFrom(ca)]
  const options = { revocationLists: [list] }
  const time = { time: NOW }
  await expectFlags(t, verify([revoked.der], time, new TlsDatabase(anchors)), 0)
  await expectFlags(t, verify([revoked.der], time, new TlsDatabase(anchors, options)), REVOKED)
  await expectFlags(t, verify([revoked.der], time, TlsDatabase.fromPem(caPem, options)), REVOKED)
  const innocent = make({ issuer: ca })
  await expectFlags(t, verify([innocent.der], time, new TlsDatabase(anchors, options)), 0)
})

test('database/revocation-lists/in-the-text', async (t) => {
  const text = `${pem('X509 CRL', list)}some words\n${caPem}`
  const chain = [revoked.der]
  await expectFlags(t, verify(chain, { time: NOW }, TlsDatabase.fromPem(text)), REVOKED)
  // One does not replace the other.
  const unrelated = { revocationLists: [listOf(make({ ca: true, name: 'b' }))] }
  const both = TlsDatabase.fromPem(text, unrelated)
  await expectFlags(t, verify(chain, { time: NOW }, both), REVOKED)
})

test('database/revocation-lists/that-cannot-be-read', (t) => {
  const bad = { code: 'TLS_BAD_CERTIFICATE' }
  for (const damaged of [list.slice(0, -1), Uint8Array.of(), ca.der]) {
    const options = { revocationLists: [list, damaged] }
    t.throws(() => new TlsDatabase([], options), { ...bad, message: /list 2/ })
    t.throws(() => TlsDatabase.fromPem(caPem + pem('X509 CRL', damaged)), bad)
  }
  // What is left of a block must not pass for the text between blocks.
  const block = pem('X509 CRL', list)
  t.throws(() => TlsDatabase.fromPem(caPem + block.slice(0, -20)), bad)
  t.throws(() => TlsDatabase.fromPem(block.slice(0, 60) + caPem), bad)
  t.throws(() => TlsDatabase.fromPem(caPem + block.replace(/\n./, '\n*')), bad)
})

test('database/profile/tolerant-lets-bad-form-pass', async (t) => {
  const formless = make({ ca: true, name: 'formless', change: without('2.5.29.14') })
  const issued = make({ issuer: formless, change: without('2.5.29.35') })
  const flagsWith = (options: TlsDatabaseOptions) =>
    verify([issued.der], { time: NOW }, new TlsDatabase([certificateFrom(formless)], options))
  await expectFlags(t, flagsWith({}), GENERIC_ERROR)
  await expectFlags(t, flagsWith({ profile: 'rfc5280' }), GENERIC_ERROR)
  await expectFlags(t, flagsWith({ profile: 'tolerant' }), 0)
})

test('database/profile/tolerant-lets-nothing-else-pass', async (t) => {
  const tolerant = { profile: 'tolerant' } as const
  const database = new TlsDatabase([certificateFrom(ca)], tolerant)
  const late = make({ issuer: ca, notAfter: '2025-01-01T00:00:00Z' })
  const byLeaf = make({ issuer: make({ issuer: ca }) })
  const { der } = make({ issuer: make({ ca: true, name: 'ca' }) })
  const time = { time: NOW }
  await expectFlags(t, verify([late.der], time, database), EXPIRED)
  await expectFlags(t, verify([byLeaf.der], time, database), UNKNOWN_CA)
  t.is((await verify([der], time, database)) & UNKNOWN_CA, UNKNOWN_CA)
})

test('database/profile/webpki', async (t) => {
  const database = new TlsDatabase([certificateFrom(ca)], { profile: 'webpki' })
  const forAnything = make({ issuer: ca, purposes: [] })
  await expectFlags(t, verify([make({ issuer: ca }).der], { time: NOW }, database), 0)
  await expectFlags(t, verify([forAnything.der], { time: NOW }, database), GENERIC_ERROR)
})

class LenientDatabase extends TlsDatabase {
  protected override get toleratesAnchors(): boolean {
    return true
  }
}

test('database/tolerates-anchors/but-nothing-below', async (t) => {
  const formless = make({ ca: true, name: 'formless', change: without('2.5.29.14') })
  const good = make({ issuer: formless })
  const bad = make({ issuer: formless, change: without('2.5.29.35') })
  const anchors = [certificateFrom(formless)]
  const lenient = new LenientDatabase(anchors)
  await expectFlags(t, verify([good.der], { time: NOW }, new TlsDatabase(anchors)), GENERIC_ERROR)
  await expectFlags(t, verify([good.der], { time: NOW }, lenient), 0)
  await expectFlags(t, verify([bad.der], { time: NOW }, lenient), GENERIC_ERROR)
  t.not(await lenient.fingerprint(), await new TlsDatabase(anchors).fingerprint())
})

class NamedDatabase extends TlsDatabase {
  protected override get handlePrefix(): string {
    return 'mine:'
  }
}

test('database/handle/stable', async (t) => {
  const [certificate] = TlsCertificate.listFromPem(testCa) as [TlsCertificate]
  const handle = (await trusted.createHandle(certificate)) as string
  t.is(handle, `anchors:#${await certificate.fingerprint()}`)
  const again = TlsDatabase.fromPem(otherCa + testCa)
  t.is(await again.createHandle(TlsCertificate.fromDerChain([root])), handle)
  t.true((await again.lookupByHandle(handle))?.isSame(certificate))
  const withPrivateKey = { withPrivateKey: true }
  t.true((await again.lookupByHandle(handle, withPrivateKey))?.isSame(certificate))
})

test('database/handle/not-of-this-database', async (t) => {
  const [stranger] = TlsCertificate.listFromPem(otherCa) as [TlsCertificate]
  t.is(await trusted.createHandle(stranger), null)
  const named = new NamedDatabase(trusted.anchors)
  const handle = (await named.createHandle(named.anchors[0] as TlsCertificate)) as string
  t.regex(handle, /^mine:#[0-9a-f]{64}$/)
  t.is(await trusted.lookupByHandle(handle), null)
  const fingerprint = await stranger.fingerprint()
  const foreign = ['', '#', 'mine:', 'mine:#', `mine:#${fingerprint}`, handle.slice(0, -1)]
  for (const text of [...foreign, handle.toUpperCase(), `${handle}0`, fingerprint]) {
    t.is(await named.lookupByHandle(text), null, text)
  }
})

test('database/look-up/issuer', async (t) => {
  const both = TlsDatabase.fromPem(otherCa + testCa)
  const found = await both.lookupIssuer(TlsCertificate.fromPem(forA.certificate))
  t.true(found?.isSame(TlsCertificate.fromPem(testCa)))
  t.is(found?.issuer, null)
  t.is(await both.lookupIssuer(TlsCertificate.fromDerChain([leaf])), null)
  t.is(await new TlsDatabase().lookupIssuer(TlsCertificate.fromPem(forA.certificate)), null)
  // Names are compared, no signature.
  const pretender = make({ issuer: make({ ca: true, name: 'Test CA' }) })
  t.true((await both.lookupIssuer(certificateFrom(pretender)))?.isSame(found as TlsCertificate))
})

test('database/look-up/issued-by', async (t) => {
  const [one, two] = [make({ issuer: ca }), make({ issuer: ca })]
  const database = new TlsDatabase([one, ca, two, make(), one].map(certificateFrom))
  const found = await database.lookupIssuedBy(nameInDer('ca'))
  t.deepEqual(
    found.map(({ der }) => der),
    [one.der, ca.der, two.der],
  )
  t.deepEqual(await database.lookupIssuedBy(nameInDer('nobody')), [])
  for (const garbage of [[], [1, 2, 3], [0x30, 0x80], [0x30, 5]]) {
    t.deepEqual(await database.lookupIssuedBy(Uint8Array.from(garbage)), [])
  }
  t.deepEqual(await database.lookupIssuedBy(Uint8Array.of(...nameInDer('ca'), 0)), [])
})

test('database/look-up/names-that-differ-in-spelling-only', async (t) => {
  const spelled = make({ ca: true, name: 'Some  Authority ' })
  const issued = make({
    issuer: spelled,
    change: (tbs) => {
      tbs.issuer = nameOf('some AUTHORITY')
    },
  })
  const database = new TlsDatabase([certificateFrom(spelled)])
  t.deepEqual((await database.lookupIssuer(certificateFrom(issued)))?.der, spelled.der)
  t.is((await database.lookupIssuedBy(nameInDer('SOME authority'))).length, 1)
  t.is((await database.lookupIssuedBy(nameInDer('someauthority'))).length, 0)
})

test('database/look-up/with-private-key-finds-nothing', async (t) => {
  const { certificate, privateKey } = selfSigned
  const withKey = TlsCertificate.fromPem(certificate + privateKey)
  const database = new TlsDatabase([withKey])
  const options = { withPrivateKey: true }
  t.not(await database.lookupIssuer(withKey), null)
  t.is(await database.lookupIssuer(withKey, options), null)
  t.deepEqual(await database.lookupIssuedBy(root, options), [])
})

test('database/look-up/abort', async (t) => {
  const reason = new Error('no longer wanted')
  const options = { signal: AbortSignal.abort(reason) }
  const certificate = TlsCertificate.fromPem(forA.certificate)
  const lookups = [
    trusted.lookupByHandle('x', options),
    trusted.lookupIssuer(certificate, options),
    trusted.lookupIssuedBy(root, options),
  ]
  for (const lookup of lookups) t.is(await t.throwsAsync(lookup), reason)
})

/** The name of a certificate, taken from its encoding. */
function nameInDer(commonName: string): Uint8Array {
  const value = new TextEncoder().encode(commonName)
  const text = [0x0c, value.length, ...value]
  const attribute = [0x06, 3, 0x55, 4, 3, ...text]
  const wrap = (tag: number, content: readonly number[]) => [tag, content.length, ...content]
  return Uint8Array.from(wrap(0x30, wrap(0x31, wrap(0x30, attribute))))
}

test('database/fingerprint/same-for-those-that-decide-alike', async (t) => {
  const one = TlsDatabase.fromPem(testCa + otherCa)
  const lists = [list, listOf(ca, { serials: [[1]] })]
  const alike = [
    TlsDatabase.fromPem(otherCa + testCa),
    TlsDatabase.fromPem(otherCa + testCa + otherCa),
  ]
  for (const database of alike) t.is(await database.fingerprint(), await one.fingerprint())
  const [first, second] = [lists, [...lists].reverse()].map(
    (revocationLists) => new TlsDatabase([], { revocationLists }),
  )
  t.is(await first?.fingerprint(), await second?.fingerprint())
})

test('database/fingerprint/differs-by-anchors-rules-and-lists', async (t) => {
  const databases = [
    new TlsDatabase(),
    TlsDatabase.fromPem(testCa),
    TlsDatabase.fromPem(otherCa),
    TlsDatabase.fromPem(testCa + otherCa),
    TlsDatabase.fromPem(testCa, { profile: 'tolerant' }),
    TlsDatabase.fromPem(testCa, { profile: 'webpki' }),
    TlsDatabase.fromPem(testCa, { revocationLists: [list] }),
  ]
  const fingerprints = await Promise.all(databases.map((database) => database.fingerprint()))
  t.is(new Set(fingerprints).size, databases.length)
})

test('database/fingerprint/own-verification-is-like-no-other', async (t) => {
  class Own extends TlsDatabase {
    override async verifyChain(): Promise<number> {
      return 0
    }
  }
  const [one, two] = [new Own(trusted.anchors), new Own(trusted.anchors)]
  t.is(await one.fingerprint(), await one.fingerprint())
  t.not(await one.fingerprint(), await two.fingerprint())
  t.not(await one.fingerprint(), await trusted.fingerprint())
  t.deepEqual(TlsDatabase.anchorBytesOf(one), [])
  t.is(TlsDatabase.anchorBytesOf(one), TlsDatabase.anchorBytesOf(null))
  t.is(TlsDatabase.anchorBytesOf(trusted), TlsDatabase.anchorBytesOf(trusted))
})

test('database/anchors/without-private-keys', (t) => {
  const certificate = TlsCertificate.fromPem(selfSigned.certificate + selfSigned.privateKey)
  const [anchor] = new TlsDatabase([certificate]).anchors
  t.true(anchor?.isSame(certificate))
  t.false(anchor?.hasPrivateKey)
  const chain = TlsCertificate.fromPem(viaIntermediate.certificate)
  t.deepEqual(
    new TlsDatabase([chain]).anchors.map(({ issuer }) => issuer),
    [null],
  )
})

test('database/anchors/of-one-that-loads-its-own', async (t) => {
  let loads = 0
  class Loading extends TlsDatabase {
    protected override loadAnchors(): Iterable<Uint8Array> {
      loads++
      return [Uint8Array.of(1, 2, 3), root]
    }
  }
  const database = new Loading()
  t.is(loads, 0)
  await expectFlags(t, verify([leaf, intermediate], {}, database), 0)
  // What cannot be read vouches for nobody, and is no certificate that could be handed out.
  t.is(database.anchors.length, 1)
  const bad = await database.lookupIssuedBy(nameInDer('Test CA'))
  t.is(bad.length, 1)
  t.is(loads, 1)
})

test('database/given-bytes-and-lists-changed-afterwards-change-nothing', async (t) => {
  const [anchorBytes, listBytes] = [ca.der.slice(), list.slice()]
  const anchors = [TlsCertificate.fromDerChain([anchorBytes])]
  const revocationLists = [listBytes]
  const database = new TlsDatabase(anchors, { revocationLists })
  const untouched = new TlsDatabase([certificateFrom(ca)], { revocationLists: [list] })
  const change = () => {
    anchorBytes.fill(0)
    listBytes.fill(0)
    anchors.length = 0
    revocationLists.length = 0
  }
  change()
  await expectFlags(t, verify([revoked.der], { time: NOW }, database), REVOKED)
  t.is(await database.fingerprint(), await untouched.fingerprint())
  database.anchors[0]?.der.fill(0)
  ;(database.anchors as TlsCertificate[]).length = 0
  t.deepEqual(TlsDatabase.anchorBytesOf(database), [ca.der])
  await expectFlags(t, verify([revoked.der], { time: NOW }, database), REVOKED)
  t.not(await database.createHandle(certificateFrom(ca)), null)
})

const zero = make({ ca: true, name: 'zero' })
const one = make({ ca: true, name: 'one', issuer: zero })
const two = make({ ca: true, name: 'two', issuer: one })
const good = make({ issuer: two })
const strangers = [
  make({ ca: true, name: 'zero' }),
  make({ ca: true, name: 'one', issuer: make({ ca: true, name: 'zero' }) }),
  make({ ca: true, name: 'two', issuer: one, notAfter: '2025-01-01T00:00:00Z' }),
  make({ issuer: one }),
  make({ ca: true, name: 'elsewhere' }),
]

test('database/property/order-duplicates-and-strangers-do-not-matter', async (t) => {
  t.timeout(120_000)
  const anchored = new TlsDatabase([certificateFrom(zero)])
  const needed = [two, one]
  const pool = [good, two, one, zero, ...strangers]
  const verdictOf = async (sent: readonly Made[], split: number) => {
    const chain = TlsCertificate.fromDerChain([good, ...sent.slice(0, split)].map(({ der }) => der))
    const others = sent.slice(split).map(({ der }) => der)
    const options = { others, identity: a, time: NOW }
    let path: readonly Uint8Array[] = []
    const flags = await anchored.verifyChain(chain, {
      ...options,
      onVerdict: (verdict) => {
        path = verdict.path
      },
    })
    return { flags, path }
  }
  const whole = await verdictOf(needed, 2)
  t.is(whole.flags, 0)
  const property = fc.asyncProperty(
    fc.array(fc.constantFrom(...pool), { maxLength: 12 }),
    fc.nat(12),
    async (sent, split) => {
      const { flags, path } = await verdictOf(sent, Math.min(split, sent.length))
      const isComplete = needed.every((link) => sent.includes(link))
      if (isComplete !== (flags === 0)) throw new Error(`Flags ${flags} for ${describe(sent)}`)
      if (!isComplete && (flags & (UNKNOWN_CA | EXPIRED)) === 0) throw new Error('Another reason.')
      if (isComplete && hex(path) !== hex(whole.path)) {
        throw new Error(`Another path for ${describe(sent)}`)
      }
    },
  )
  await play(t, property, 500)
})

function hex(path: readonly Uint8Array[]): string {
  return path.map((der) => Buffer.from(der).toString('hex')).join(' ')
}

function describe(sent: readonly Made[]): string {
  return sent.map(({ name }) => name).join(', ')
}

/** The same inputs each time, unless there is another `TLSIO_FUZZ_SEED`, which may be `random`. */
async function play<T>(t: ExecutionContext, property: fc.IAsyncProperty<T>, numRuns: number) {
  const { TLSIO_FUZZ_SEED } = process.env
  const seed = TLSIO_FUZZ_SEED === 'random' ? Date.now() & 0x7fffffff : Number(TLSIO_FUZZ_SEED ?? 1)
  const details = await fc.check(property, { seed, numRuns })
  t.log(`seed ${seed}, ${details.numRuns} inputs`)
  const report = details.failed ? fc.defaultReportMessage(details) : ''
  t.false(
    details.failed,
    `Replay with TLSIO_FUZZ_SEED=${seed}.\n${report}\n${details.errorInstance}`,
  )
}
