import { existsSync, mkdtempSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expired, forA, forB, otherCa, testCa } from '@tlsio/conformance/fixtures'
import { TlsCertificate, TlsCertificateFlags, TlsDatabase, type TlsError } from '@tlsio/core'
import { type FileDatabaseOptions, TlsFileDatabase } from '@tlsio/core/node'
import test from 'ava'
import { make, NOW } from './path-validation/support/certificate-maker.js'
import { listOf, SERIAL } from './path-validation/support/list-maker.js'

const folder = mkdtempSync(join(tmpdir(), 'tlsio-'))
test.after.always(() => rm(folder, { recursive: true }))

let files = 0

/** Writes a file, each time a new one, and gives its path. */
async function write(text: string, name = `${++files}.pem`): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const leaf = TlsCertificate.fromPem(forA.certificate)
const [anchor] = TlsCertificate.listFromPem(testCa) as [TlsCertificate]

test('file-database/judges-by-the-certificates-of-the-file', async (t) => {
  const path = await write(`first\r\n${testCa.replaceAll('\n', '\r\n')}# größer\n${otherCa}`)
  const database = await TlsFileDatabase.open(path)
  t.true(database instanceof TlsDatabase)
  t.is(database.path, path)
  t.is(database.anchors.length, 2)
  t.is(await database.verifyChain(leaf, { identity: { hostname: 'a.test' } }), 0)
  const late = TlsCertificate.fromPem(expired.certificate)
  t.is(await database.verifyChain(late), TlsCertificateFlags.EXPIRED)
  const same = TlsDatabase.fromPem(testCa + otherCa)
  t.is(await database.fingerprint(), await same.fingerprint())
})

test('file-database/relative-path-from-the-working-directory', async (t) => {
  const path = await write(testCa)
  const database = await TlsFileDatabase.open(relative(process.cwd(), path))
  t.is(database.path, path)
})

test('file-database/read-once', async (t) => {
  const path = await write(testCa)
  const database = await TlsFileDatabase.open(path)
  await writeFile(path, otherCa)
  t.is(await database.verifyChain(leaf), 0)
  const again = await TlsFileDatabase.open(path)
  t.is(await again.verifyChain(leaf), TlsCertificateFlags.UNKNOWN_CA)
})

test('file-database/handles-begin-with-the-file', async (t) => {
  const path = await write(testCa, 'ca #1 100%.pem')
  const database = await TlsFileDatabase.open(path)
  const handle = (await database.createHandle(anchor)) as string
  t.is(handle, `${pathToFileURL(path)}#${await anchor.fingerprint()}`)
  t.true((await database.lookupByHandle(handle))?.isSame(anchor))
  const again = await TlsFileDatabase.open(path)
  t.is(await again.createHandle(anchor), handle)
  // The same certificate in another file is another entry.
  const other = await TlsFileDatabase.open(await write(testCa))
  t.is(await other.lookupByHandle(handle), null)
  t.is(await TlsDatabase.fromPem(testCa).lookupByHandle(handle), null)
  t.is(await database.createHandle(leaf), null)
  // What is no longer in the file has no handle, and an old one finds nothing.
  await write(otherCa, 'ca #1 100%.pem')
  const replaced = await TlsFileDatabase.open(path)
  t.is(await replaced.createHandle(anchor), null)
  t.is(await replaced.lookupByHandle(handle), null)
})

test('file-database/revocation-lists-in-the-file', async (t) => {
  const ca = make({ ca: true, name: 'ca' })
  const revoked = TlsCertificate.fromDerChain([make({ issuer: ca, serial: SERIAL }).der])
  const path = await write(pem('CERTIFICATE', ca.der) + pem('X509 CRL', listOf(ca)))
  const database = await TlsFileDatabase.open(path)
  t.is(await database.verifyChain(revoked, { time: NOW }), TlsCertificateFlags.REVOKED)
  const damaged = await write(pem('CERTIFICATE', ca.der) + pem('X509 CRL', Uint8Array.of(1)))
  await t.throwsAsync(TlsFileDatabase.open(damaged), { code: 'TLS_MISC' })
})

test('file-database/options', async (t) => {
  const path = await write(testCa)
  const tolerant = await TlsFileDatabase.open(path, { profile: 'tolerant' })
  const same = TlsDatabase.fromPem(testCa, { profile: 'tolerant' })
  t.is(await tolerant.fingerprint(), await same.fingerprint())
  const options = { profile: 'lax' } as unknown as FileDatabaseOptions
  await t.throwsAsync(TlsFileDatabase.open(path, options), { instanceOf: TypeError })
  await t.throwsAsync(TlsFileDatabase.open(1 as unknown as string), { instanceOf: TypeError })
})

test('file-database/unusable-file', async (t) => {
  await mkdir(join(folder, 'folder'))
  const damaged = testCa.replace(/\n.{64}\n/, '\n')
  const unusable: readonly (readonly [path: string, cause: string])[] = [
    [join(folder, 'not-there.pem'), 'IO_FAILED'],
    [join(folder, 'folder'), 'IO_FAILED'],
    // It has no end.
    ...(existsSync('/dev/zero') ? [['/dev/zero', 'TLS_BAD_CERTIFICATE'] as const] : []),
    [await write(''), 'TLS_MISC'],
    [await write('\u0000\u0001garbage'), 'TLS_MISC'],
    [await write(forB.privateKey), 'TLS_MISC'],
    [await write(testCa.slice(0, 300)), 'TLS_BAD_CERTIFICATE'],
    [await write(otherCa + damaged), 'TLS_BAD_CERTIFICATE'],
    [await write(testCa.replace('MII', '***')), 'TLS_BAD_CERTIFICATE'],
  ]
  for (const [path, code] of unusable) {
    const error = await t.throwsAsync<TlsError>(TlsFileDatabase.open(path), { code: 'TLS_MISC' })
    t.true(error?.message.includes(path), error?.message)
    t.is((error?.cause as { code?: string } | undefined)?.code, code)
  }
})

test('file-database/abort', async (t) => {
  const reason = new Error('no longer wanted')
  const path = await write(testCa)
  const before = TlsFileDatabase.open(path, { signal: AbortSignal.abort(reason) })
  t.is(await t.throwsAsync(before), reason)
  const controller = new AbortController()
  const during = TlsFileDatabase.open(path, { signal: controller.signal })
  controller.abort(reason)
  t.is(await t.throwsAsync(during), reason)
})

function pem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64')
  return `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`
}
