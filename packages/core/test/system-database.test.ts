import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { forA, fromOtherCa, otherCa, selfSigned, testCa } from '@tlsio/conformance/fixtures'
import { describeCertificateFlags, TlsCertificate, TlsCertificateFlags } from '@tlsio/core'
import { TlsFileDatabase, TlsSystemDatabase } from '@tlsio/core/node'
import test from 'ava'
import type { SystemTrustSources } from '#src/node/system-database.js'
import { faultsOf } from '#src/path-validation/certificate-rules.js'
import { PathCertificate } from '#src/path-validation/path-certificate.js'
import { make, NOW, without } from './path-validation/support/certificate-maker.js'

const { UNKNOWN_CA, GENERIC_ERROR } = TlsCertificateFlags

const folder = mkdtempSync(join(tmpdir(), 'tlsio-'))
test.after.always(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const ours = write('ours.pem', testCa)
const theirs = write('theirs.pem', `# others\n${otherCa}`)
const third = write('third.pem', selfSigned.certificate)
const empty = write('empty.pem', 'nothing\n')
const garbage = write('garbage.pem', testCa.replace('MII', '***'))
const missing = join(folder, 'missing.pem')

interface Found {
  readonly system?: readonly string[]
  readonly files?: readonly string[]
  readonly bundled?: readonly string[]
  readonly named?: string
  readonly extra?: string
}

/** A system with just these. */
function systemWith({ system, files = [], bundled = [], named, extra }: Found): TlsSystemDatabase {
  const sources: SystemTrustSources = {
    systemCertificates: () => system,
    bundleFiles: files,
    bundled,
    environment: (name) => (name === 'SSL_CERT_FILE' ? named : extra),
  }
  return new TlsSystemDatabase({}, sources)
}

const leaf = TlsCertificate.fromPem(forA.certificate)
const otherLeaf = TlsCertificate.fromPem(fromOtherCa.certificate)

test('system-database/what-node-gets-from-the-platform', async (t) => {
  const database = systemWith({ system: [testCa], files: [theirs], bundled: [otherCa] })
  const expected = { source: 'system', path: undefined, extra: undefined, count: 1 } as const
  t.deepEqual(database.report, expected)
  t.is(await database.verifyChain(leaf), 0)
  t.is(await database.verifyChain(otherLeaf), UNKNOWN_CA)
})

test('system-database/bundle-file-of-the-platform', async (t) => {
  for (const system of [undefined, []]) {
    const database = systemWith({ ...(system && { system }), files: [ours, theirs] })
    const expected = { source: 'bundle-file', path: ours, extra: undefined, count: 1 } as const
    t.deepEqual(database.report, expected)
    t.is(await database.verifyChain(leaf), 0)
  }
})

test('system-database/next-file-after-one-that-cannot-be-used', (t) => {
  const files = [missing, folder, empty, garbage, theirs, ours]
  const { report, anchors } = systemWith({ files, bundled: [testCa] })
  t.is(report.path, theirs)
  t.deepEqual(
    anchors.map(({ subjectName }) => subjectName),
    ['CN=Other Test CA'],
  )
})

test('system-database/bundled-as-the-last-resort', async (t) => {
  const database = systemWith({ files: [missing, empty], bundled: [testCa, otherCa] })
  const expected = { source: 'bundled', path: undefined, extra: undefined, count: 2 } as const
  t.deepEqual(database.report, expected)
  t.is(await database.verifyChain(leaf), 0)
})

test('system-database/no-source-at-all-trusts-nobody', async (t) => {
  const database = systemWith({ files: [missing] })
  const expected = { source: 'bundled', path: undefined, extra: undefined, count: 0 } as const
  t.deepEqual(database.report, expected)
  t.is(await database.verifyChain(leaf), UNKNOWN_CA)
  t.deepEqual(database.anchors, [])
})

test('system-database/named-file-instead-of-all-others', async (t) => {
  const others = { system: [otherCa], files: [theirs], bundled: [otherCa] }
  const database = systemWith({ ...others, named: ours })
  const expected = { source: 'bundle-file', path: ours, extra: undefined, count: 1 } as const
  t.deepEqual(database.report, expected)
  t.is(await database.verifyChain(leaf), 0)
  t.is(await database.verifyChain(otherLeaf), UNKNOWN_CA)
})

test('system-database/named-file-that-cannot-be-used-trusts-nobody-else', async (t) => {
  for (const named of [missing, empty, garbage, folder]) {
    const database = systemWith({ system: [testCa], files: [ours], bundled: [testCa], named })
    const expected = { source: 'bundle-file', path: named, extra: undefined, count: 0 } as const
    t.deepEqual(database.report, expected)
    t.is(await database.verifyChain(leaf), UNKNOWN_CA)
  }
})

test('system-database/extra-certificates-besides', async (t) => {
  const places: readonly Found[] = [
    { system: [otherCa] },
    { files: [theirs] },
    { bundled: [otherCa] },
    { named: theirs },
  ]
  for (const place of places) {
    const database = systemWith({ ...place, extra: ours })
    t.is(database.report.extra, ours)
    t.is(database.report.count, 2)
    t.is(await database.verifyChain(leaf), 0)
    t.is(await database.verifyChain(otherLeaf), 0)
  }
})

test('system-database/extra-certificates-that-are-there-already', (t) => {
  const database = systemWith({ system: [testCa, testCa, otherCa], extra: theirs })
  t.is(database.report.count, 2)
  t.is(database.anchors.length, 2)
})

test('system-database/extra-certificates-that-cannot-be-used', (t) => {
  for (const extra of [missing, empty, garbage]) {
    const expected = { source: 'system', path: undefined, extra: undefined, count: 1 } as const
    t.deepEqual(systemWith({ system: [testCa], extra }).report, expected)
  }
})

test('system-database/reads-nothing-before-it-is-needed-and-once', async (t) => {
  let asked = 0
  const database = new TlsSystemDatabase(
    {},
    {
      systemCertificates() {
        asked++
        return [testCa]
      },
      bundleFiles: [],
      bundled: [],
      environment: () => undefined,
    },
  )
  t.is(asked, 0)
  await database.fingerprint()
  await database.verifyChain(leaf)
  t.is(database.report.count, 1)
  t.is(asked, 1)
})

test('system-database/handles', async (t) => {
  const database = systemWith({ system: [testCa] })
  const [anchor] = database.anchors as [TlsCertificate]
  const handle = (await database.createHandle(anchor)) as string
  t.is(handle, `system-trust:#${await anchor.fingerprint()}`)
  t.true((await database.lookupByHandle(handle))?.isSame(anchor))
  const file = await TlsFileDatabase.open(ours)
  t.is(await file.lookupByHandle(handle), null)
  t.is(await database.lookupByHandle((await file.createHandle(anchor)) as string), null)
})

test('system-database/openssl-labels-hold-more-than-a-certificate', (t) => {
  const trusted = selfSigned.certificate.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE')
  t.is(systemWith({ system: [trusted, testCa] }).report.count, 1)
  t.is(systemWith({ files: [third] }).report.count, 1)
})

test('system-database/form-of-its-anchors-is-not-judged', async (t) => {
  const formless = make({ ca: true, name: 'formless', change: without('2.5.29.14') })
  const [root, good, bad] = [
    formless,
    make({ issuer: formless }),
    make({ issuer: formless, change: without('2.5.29.35') }),
  ].map(({ der }) => TlsCertificate.fromDerChain([der])) as [
    TlsCertificate,
    TlsCertificate,
    TlsCertificate,
  ]
  const database = systemWith({ system: [root.pem] })
  t.is(await database.verifyChain(good, { time: NOW }), 0)
  // Below them all rules count.
  t.is(await database.verifyChain(bad, { time: NOW }), GENERIC_ERROR)
})

test('system-database/roots-in-use-pass-in-spite-of-their-form', (t) => {
  const time = Date.parse('2024-01-01T00:00:00Z')
  const rules = { time, purpose: 'serverAuth', profile: 'rfc5280' } as const
  const place = { isLeaf: false, isAnchor: true }
  const isForm = ({ rule }: { readonly rule: string }) => rule === 'profile'
  let formless = 0
  for (const pem of tls.rootCertificates) {
    const root = new PathCertificate(TlsCertificate.fromPem(pem).der)
    if (faultsOf(root, place, { ...rules, toleratesAnchors: false }).some(isForm)) formless++
    t.false(faultsOf(root, place, { ...rules, toleratesAnchors: true }).some(isForm))
  }
  t.log(`${formless} of ${tls.rootCertificates.length} break the rules on form`)
})

test('system-database/of-this-machine', async (t) => {
  const database = new TlsSystemDatabase()
  const { source, path, count } = database.report
  t.log(`${count} from ${path ?? source}`)
  t.true(count > 0)
  t.is(database.anchors.length, count)
  t.is(await database.verifyChain(leaf), UNKNOWN_CA)
  t.is(await database.fingerprint(), await new TlsSystemDatabase().fingerprint())
  for (const anchor of database.anchors) {
    const flags = await database.verifyChain(anchor)
    // They are authorities, no servers, and some grow old; but nobody is unknown.
    t.is(flags & UNKNOWN_CA, 0, `${anchor.subjectName}: ${describeCertificateFlags(flags)}`)
  }
})
