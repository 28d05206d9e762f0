import {
  describeCertificateFlags,
  type PathVerdict,
  type ServerIdentity,
  TlsCertificate,
  TlsCertificateFlags,
  TlsDatabase,
  type VerifyChainOptions,
} from '@tlsio/core'
import { equal, ok, rejects, sameList, throws } from '../assertions.js'
import type { CaseContext } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { chainCa, chains, type TestChains } from '../fixtures/chains.js'
import * as fixtures from '../fixtures/fixtures.js'
import { certificateOf, otherDatabase } from '../fixtures/load.js'

const { UNKNOWN_CA, BAD_IDENTITY, NOT_ACTIVATED, INSECURE, EXPIRED, GENERIC_ERROR } =
  TlsCertificateFlags

const verifying = 'GIO g_tls_database_verify_chain()'
const handles = 'GIO g_tls_database_create_certificate_handle()'
const byHandle = 'GIO g_tls_database_lookup_certificate_for_handle()'
const byIssuer = 'GIO g_tls_database_lookup_certificate_issuer()'
const issuedBy = 'GIO g_tls_database_lookup_certificates_issued_by()'
const keyPair = 'GIO G_TLS_DATABASE_LOOKUP_KEYPAIR'
const text = 'GIO g_tls_file_database_new(), of a text'
const states = 'GIO GTlsConnection:database'
const building = 'RFC 5280 §6.1; GIO glib-networking: what path building must cope with'

/** The database of the backend under examination: it trusts the test authority. */
function databaseOf({ client }: CaseContext): TlsDatabase {
  const { defaultDatabase } = client
  ok(defaultDatabase !== null, 'there is a default database')
  return defaultDatabase
}

/** What a database must say of a certificate. */
async function verdict(
  database: TlsDatabase,
  certificate: TlsCertificate,
  flags: number,
  options: VerifyChainOptions = {},
): Promise<void> {
  const found = await database.verifyChain(certificate, options)
  equal(found, flags, `The verdict (${describeCertificateFlags(found)})`)
}

function judged(
  title: string,
  source: string,
  fixture: fixtures.CertificateFixture,
  flags: number,
  options: VerifyChainOptions = {},
): ConformanceCase {
  return {
    title: `verify-chain/${title}`,
    source,
    run: (context) => verdict(databaseOf(context), certificateOf(fixture), flags, options),
  }
}

/** A chain of certificates as they were sent, which leads to {@link chainCa}. */
function built(title: string, name: keyof TestChains, flags: number): ConformanceCase {
  return {
    title: `path-building/${title}`,
    source: building,
    run() {
      const sent = TlsCertificate.listFromPem(chains[name]).map(({ der }) => der)
      const chain = TlsCertificate.fromDerChain(sent)
      return verdict(TlsDatabase.fromPem(chainCa), chain, flags, onName('a.test'))
    },
  }
}

const leaf = certificateOf(fixtures.forA)
const [anchor] = TlsCertificate.listFromPem(fixtures.testCa) as [TlsCertificate]
const [otherAnchor] = TlsCertificate.listFromPem(fixtures.otherCa) as [TlsCertificate]
const onName = (hostname: string): VerifyChainOptions => ({ identity: { hostname } })

const verification: readonly ConformanceCase[] = [
  judged('valid-is-zero', verifying, fixtures.forA, 0, onName('a.test')),
  judged('by-a-linked-issuer', verifying, fixtures.viaIntermediate, 0),
  judged('unknown-authority', verifying, fixtures.fromOtherCa, UNKNOWN_CA),
  judged('self-signed', verifying, fixtures.selfSigned, UNKNOWN_CA),
  judged('expired', verifying, fixtures.expired, EXPIRED),
  judged('not-yet-valid', verifying, fixtures.notYetValid, NOT_ACTIVATED),
  judged('insecure', verifying, fixtures.signedWithSha1, UNKNOWN_CA | INSECURE),
  judged('without-identity-no-name-is-checked', verifying, fixtures.forB, 0, { identity: null }),
  judged('wrong-name', verifying, fixtures.forB, BAD_IDENTITY, onName('a.test')),
  {
    title: 'verify-chain/address',
    source: 'RFC 9525 §6.5',
    async run(context) {
      const identities: readonly (readonly [ServerIdentity, number])[] = [
        [{ address: '127.0.0.1' }, 0],
        [{ hostname: '::1' }, 0],
        [{ address: '127.0.0.2' }, BAD_IDENTITY],
      ]
      const certificate = certificateOf(fixtures.forLocalhost)
      for (const [identity, flags] of identities) {
        await verdict(databaseOf(context), certificate, flags, { identity })
      }
    },
  },
  {
    title: 'verify-chain/all-flags-that-apply',
    source: `${verifying}: at least one flag; ours tells all`,
    async run() {
      const flags = BAD_IDENTITY | EXPIRED | UNKNOWN_CA | GENERIC_ERROR
      const certificate = certificateOf(fixtures.expired)
      const options = { ...onName('b.test'), purpose: 'clientAuth' } as const
      await verdict(otherDatabase(), certificate, flags, options)
    },
  },
  {
    title: 'verify-chain/nobody-trusted',
    source: verifying,
    run: () => verdict(new TlsDatabase(), leaf, UNKNOWN_CA),
  },
  {
    title: 'verify-chain/leaf-that-is-trusted-itself',
    source: verifying,
    async run() {
      const certificate = certificateOf(fixtures.selfSigned)
      await verdict(new TlsDatabase([certificate]), certificate, 0, onName('a.test'))
    },
  },
  {
    title: 'verify-chain/time',
    source: 'RFC 5280 §6.1.3 (a)(2); VerifyChainOptions.time',
    async run(context) {
      const [from, until] = [leaf.notBefore.getTime(), leaf.notAfter.getTime()]
      const database = databaseOf(context)
      await verdict(database, leaf, NOT_ACTIVATED, { time: from - 1000 })
      await verdict(database, leaf, 0, { time: from })
      await verdict(database, leaf, 0, { time: until })
      await verdict(database, leaf, EXPIRED, { time: until + 1000 })
    },
  },
  {
    title: 'verify-chain/purpose',
    source: 'GIO G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, …_CLIENT; RFC 5280 §4.2.1.12',
    async run(context) {
      const server = databaseOf(context)
      await verdict(server, leaf, 0, { purpose: 'serverAuth' })
      await verdict(server, leaf, GENERIC_ERROR, { purpose: 'clientAuth' })
      const client = certificateOf(fixtures.forClientsOnly)
      const clients = TlsDatabase.fromPem(fixtures.clientCa)
      await verdict(clients, client, 0, { purpose: 'clientAuth' })
      await verdict(clients, client, GENERIC_ERROR)
      const purpose = 'codeSigning' as 'serverAuth'
      await rejects(server.verifyChain(leaf, { purpose }), { name: 'TypeError' }, 'Another purpose')
    },
  },
  {
    title: 'verify-chain/abort-is-no-verdict',
    source: `${verifying}: could not decide is an error`,
    async run(context) {
      const reason = new Error('no longer wanted')
      const database = databaseOf(context)
      const before = database.verifyChain(leaf, { signal: AbortSignal.abort(reason) })
      await rejects(before, { value: reason }, 'Before')
      const controller = new AbortController()
      const during = database.verifyChain(leaf, { signal: controller.signal })
      controller.abort(reason)
      await rejects(during, { value: reason }, 'Meanwhile')
    },
  },
  {
    title: 'verify-chain/links-stay-as-they-are',
    source: `${verifying}: does not modify issuer links`,
    async run(context) {
      const alone = TlsCertificate.fromDerChain([leaf.der])
      await verdict(databaseOf(context), alone, 0)
      equal(alone.issuer, null, 'The issuer of one without')
      const linked = certificateOf(fixtures.viaIntermediate)
      const { issuer } = linked
      await verdict(databaseOf(context), linked, 0)
      equal(linked.issuer, issuer, 'The issuer of one with')
    },
  },
  {
    title: 'verify-chain/constraints-without-a-connection',
    source: `${verifying}: may skip constraints outside of a session; ours does not`,
    async run() {
      const database = TlsDatabase.fromPem(chainCa)
      await verdict(database, TlsCertificate.fromPem(chains.withinNames), 0)
      await verdict(database, TlsCertificate.fromPem(chains.nameExcluded), GENERIC_ERROR)
      await verdict(database, TlsCertificate.fromPem(chains.pathTooLong), GENERIC_ERROR)
    },
  },
  {
    title: 'verify-chain/why-and-by-which-path',
    source: 'VerifyChainOptions.onVerdict',
    async run(context) {
      const verdicts: PathVerdict[] = []
      const onVerdict = (found: PathVerdict) => verdicts.push(found)
      const certificate = certificateOf(fixtures.viaIntermediate)
      await databaseOf(context).verifyChain(certificate, { onVerdict })
      await databaseOf(context).verifyChain(certificateOf(fixtures.expired), { onVerdict })
      equal(verdicts.length, 2, 'The number of verdicts')
      const [good, bad] = verdicts as [PathVerdict, PathVerdict]
      equal(good.findings.length, 0, 'The number of findings')
      const path = [...certificate.chain(), anchor]
      equal(good.path.length, path.length, 'The length of the path')
      for (const [at, one] of path.entries()) sameList(good.path[at] ?? [], one.der, `Part ${at}`)
      equal(bad.findings[0]?.rule, 'expired', 'The rule')
      equal(bad.findings[0]?.position, 0, 'The place')
    },
  },
]

const paths: readonly ConformanceCase[] = [
  built('several-links', 'threeLinks', 0),
  built('out-of-order', 'unordered', 0),
  built('strangers-and-duplicates', 'withStrangers', 0),
  built('link-signed-by-two', 'crossSigned', 0),
  built('link-missing', 'linkMissing', UNKNOWN_CA),
  {
    title: 'path-building/anchor-and-leaf-sent-again',
    source: building,
    async run(context) {
      const [first, second] = certificateOf(fixtures.viaIntermediate)
        .chain()
        .map(({ der }) => der) as [Uint8Array, Uint8Array]
      const sent = [first, first, anchor.der, second, first, anchor.der]
      await verdict(databaseOf(context), TlsCertificate.fromDerChain(sent), 0)
    },
  },
  {
    title: 'path-building/cross-signed-with-the-key-of-an-anchor',
    source: building,
    async run() {
      const sent = TlsCertificate.listFromPem(chains.crossSigned)
      const [server, trusted, crossSigned, somebody] = sent as [
        TlsCertificate,
        TlsCertificate,
        TlsCertificate,
        TlsCertificate,
      ]
      const chain = TlsCertificate.fromDerChain([server.der, crossSigned.der])
      await verdict(new TlsDatabase([trusted]), chain, 0)
      await verdict(new TlsDatabase([somebody]), chain, 0)
      await verdict(new TlsDatabase([otherAnchor]), chain, UNKNOWN_CA)
    },
  },
  {
    title: 'path-building/link-that-was-not-linked',
    source: 'VerifyChainOptions.others',
    async run(context) {
      const { der, issuer } = certificateOf(fixtures.viaIntermediate)
      const alone = TlsCertificate.fromDerChain([der])
      await verdict(databaseOf(context), alone, UNKNOWN_CA)
      const others = [Uint8Array.of(1, 2, 3), otherAnchor.der, (issuer as TlsCertificate).der]
      await verdict(databaseOf(context), alone, 0, { others })
    },
  },
]

const lookups: readonly ConformanceCase[] = [
  {
    title: 'handle/stable',
    source: handles,
    async run(context) {
      const handle = await databaseOf(context).createHandle(anchor)
      ok(typeof handle === 'string', 'it is a text')
      const again = TlsDatabase.fromPem(fixtures.otherCa + fixtures.testCa)
      const same = TlsCertificate.fromDerChain([anchor.der])
      equal(await again.createHandle(same), handle, 'The handle in a database made again')
      ok((await again.createHandle(otherAnchor)) !== handle, 'another certificate has another')
    },
  },
  {
    title: 'handle/null-for-one-that-is-not-in-it',
    source: handles,
    async run(context) {
      equal(await databaseOf(context).createHandle(otherAnchor), null, 'The handle')
      equal(await databaseOf(context).createHandle(leaf), null, 'The handle of a leaf')
    },
  },
  {
    title: 'look-up/by-handle',
    source: byHandle,
    async run(context) {
      const database = databaseOf(context)
      const handle = (await database.createHandle(anchor)) as string
      ok((await database.lookupByHandle(handle))?.isSame(anchor) === true, 'it is found')
    },
  },
  {
    title: 'look-up/by-foreign-handle',
    source: `${byHandle}: unknown or foreign is null without error`,
    async run(context) {
      const database = databaseOf(context)
      const foreign = (await otherDatabase().createHandle(otherAnchor)) as string
      for (const handle of ['', '#', 'nonsense', 'file:///ca.pem#00', foreign]) {
        equal(await database.lookupByHandle(handle), null, `What "${handle}" stands for`)
      }
    },
  },
  {
    title: 'look-up/issuer',
    source: `${byIssuer}: by name, without linking`,
    async run(context) {
      const found = await databaseOf(context).lookupIssuer(leaf)
      ok(found?.isSame(anchor) === true, 'it is found')
      equal(found?.issuer, null, 'Its issuer')
      equal(leaf.issuer, null, 'The issuer of the certificate asked about')
    },
  },
  {
    title: 'look-up/issuer-that-is-not-there',
    source: `${byIssuer}: not found is null, also in the asynchronous form`,
    async run(context) {
      const certificate = certificateOf(fixtures.viaIntermediate)
      equal(await databaseOf(context).lookupIssuer(certificate), null, 'The issuer')
      equal(await new TlsDatabase().lookupIssuer(leaf), null, 'The issuer in an empty one')
    },
  },
  {
    title: 'look-up/issuer-by-its-name-alone',
    source: `${byIssuer}: not for building paths`,
    async run(context) {
      const forged = certificateOf(fixtures.forgedExpired)
      const database = databaseOf(context)
      ok((await database.lookupIssuer(forged))?.isSame(anchor) === true, 'it is found')
      const flags = await database.verifyChain(forged)
      equal(flags & UNKNOWN_CA, UNKNOWN_CA, 'What is said of who has not issued it')
    },
  },
  {
    title: 'look-up/issued-by',
    source: issuedBy,
    async run() {
      const issued = [fixtures.forA, fixtures.forB].map(certificateOf)
      const database = new TlsDatabase([...issued, otherAnchor, anchor])
      const found = await database.lookupIssuedBy(nameInDer('Test CA'))
      equal(found.length, 3, 'How many there are')
      const expected = [...issued, anchor]
      ok(
        found.every((one, at) => one.isSame(expected[at] as TlsCertificate)),
        'they are those',
      )
      for (const name of [nameInDer('Nobody'), new Uint8Array(), Uint8Array.of(0x30, 5)]) {
        equal((await database.lookupIssuedBy(name)).length, 0, 'How many there are for nobody')
      }
    },
  },
  {
    title: 'look-up/names-in-another-spelling',
    source: 'RFC 5280 §7.1',
    async run(context) {
      const found = await databaseOf(context).lookupIssuedBy(nameInDer(' test  ca'))
      equal(found.length, 1, 'How many there are')
    },
  },
  {
    title: 'look-up/with-private-key-finds-nothing',
    source: `${keyPair}: these databases hold no keys; the look-up by handle ignores it`,
    async run() {
      const certificate = certificateOf(fixtures.selfSigned)
      const database = new TlsDatabase([certificate])
      const options = { withPrivateKey: true }
      equal(await database.lookupIssuer(certificate, options), null, 'The issuer')
      const issued = await database.lookupIssuedBy(nameInDer('a.test'), options)
      equal(issued.length, 0, 'How many it has issued')
      const handle = (await database.createHandle(certificate)) as string
      const found = await database.lookupByHandle(handle, options)
      equal(found?.hasPrivateKey, false, 'Whether the one found has its key')
    },
  },
  {
    title: 'look-up/abort',
    source: 'GIO GCancellable',
    async run(context) {
      const reason = new Error('no longer wanted')
      const options = { signal: AbortSignal.abort(reason) }
      const database = databaseOf(context)
      for (const lookup of [
        database.lookupByHandle('x', options),
        database.lookupIssuer(leaf, options),
        database.lookupIssuedBy(nameInDer('Test CA'), options),
      ]) {
        await rejects(lookup, { value: reason }, 'The look-up')
      }
    },
  },
]

const anchors: readonly ConformanceCase[] = [
  {
    title: 'anchors/in-their-order-without-keys',
    source: 'GIO GTlsFileDatabase:anchors',
    async run() {
      const database = new TlsDatabase([otherAnchor, certificateOf(fixtures.selfSigned), anchor])
      const names = database.anchors.map(({ subjectName }) => subjectName)
      sameList(names, ['CN=Other Test CA', 'CN=a.test', 'CN=Test CA'], 'The anchors')
      ok(
        database.anchors.every(({ hasPrivateKey }) => !hasPrivateKey),
        'none has its key',
      )
    },
  },
  {
    title: 'from-pem/with-other-text',
    source: `${text}: extra text between PEM blocks is fine`,
    async run() {
      const lines = fixtures.testCa.replaceAll('\n', '\r\n')
      const database = TlsDatabase.fromPem(`one:\r\n${lines}two:\n${fixtures.otherCa}the end`)
      equal(database.anchors.length, 2, 'The number of anchors')
      await verdict(database, leaf, 0)
      await verdict(database, certificateOf(fixtures.fromOtherCa), 0)
    },
  },
  {
    title: 'from-pem/nothing-or-garbage',
    source: `${text}: an error`,
    async run() {
      for (const nothing of ['', 'nothing', fixtures.forA.privateKey]) {
        throws(() => TlsDatabase.fromPem(nothing), { code: 'TLS_MISC' }, 'It')
      }
      const garbage = fixtures.testCa.replace('MII', 'AAA')
      const bad = { code: 'TLS_BAD_CERTIFICATE' }
      throws(() => TlsDatabase.fromPem(fixtures.otherCa + garbage), bad, 'It')
    },
  },
  {
    title: 'default/of-the-backend-itself',
    source: 'GIO g_tls_backend_get_default_database(): the system, or nothing',
    async run(context) {
      const backend = context.createBackend({ defaultDatabase: undefined })
      const { defaultDatabase } = backend
      ok(
        defaultDatabase === null || defaultDatabase instanceof TlsDatabase,
        'it is a database or null',
      )
      equal(backend.defaultDatabase, defaultDatabase, 'The default database, asked again')
      if (defaultDatabase !== null) await verdict(defaultDatabase, leaf, UNKNOWN_CA)
    },
  },
  {
    title: 'default/must-be-a-database',
    source: 'GIO g_tls_backend_set_default_database()',
    async run({ client }) {
      const own = client.defaultDatabase
      const nonsense = fixtures.testCa as unknown as TlsDatabase
      throws(() => client.setDefaultDatabase(nonsense), { name: 'TypeError' }, 'Setting it')
      equal(client.defaultDatabase, own, 'The default database')
    },
  },
]

const onConnections: readonly ConformanceCase[] = [
  {
    title: 'connection/three-states',
    source: states,
    async run(context) {
      const { client: stream } = await context.streams()
      const connection = context.client.createClientConnection(stream)
      equal(connection.database, undefined, 'The database that was not set')
      for (const database of [otherDatabase(), null, databaseOf(context), undefined]) {
        connection.database = database
        equal(connection.database, database, 'The database that was set')
      }
    },
  },
  {
    title: 'connection/nothing-else',
    source: `${states}: a database, null or undefined`,
    async run(context) {
      const { client: stream } = await context.streams()
      const connection = context.client.createClientConnection(stream, { database: null })
      const wrong = { name: 'TypeError' }
      for (const nonsense of [fixtures.testCa, {}, [], false, 0]) {
        const database = nonsense as unknown as TlsDatabase
        const set = () => {
          connection.database = database
        }
        throws(set, wrong, 'Setting it')
        const create = () => context.client.createClientConnection(stream, { database })
        throws(create, wrong, 'Creating a connection with it')
      }
      equal(connection.database, null, 'The database afterwards')
    },
  },
]

/** A distinguished name of one common name, in DER (RFC 5280 §4.1.2.4). */
function nameInDer(commonName: string): Uint8Array {
  const wrap = (tag: number, content: readonly number[]) => [tag, content.length, ...content]
  const value = wrap(0x0c, [...new TextEncoder().encode(commonName)])
  return Uint8Array.from(wrap(0x30, wrap(0x31, wrap(0x30, [0x06, 3, 0x55, 4, 3, ...value]))))
}

/** What databases say of certificates, and which a connection may have; no TLS is spoken. */
export const database: ConformanceArea = {
  name: 'database',
  scope: 'backend',
  applies: () => true,
  cases: [...verification, ...paths, ...lookups, ...anchors, ...onConnections],
}
