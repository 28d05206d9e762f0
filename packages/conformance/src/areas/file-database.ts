import { TlsCertificate, TlsCertificateFlags, TlsDatabase } from '@tlsio/core'
import { equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { forA, fromOtherCa, otherCa, testCa } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { withFiles } from '../with-files.js'

const opening = 'GIO g_tls_file_database_new()'
const handles = 'GIO g_tls_database_create_certificate_handle(): the URI of the file, and a hash'

const leaf = certificateOf(forA)
const [anchor] = TlsCertificate.listFromPem(testCa) as [TlsCertificate]

const cases: readonly ConformanceCase[] = [
  withFiles(
    'trusts-what-is-in-the-file',
    `${opening}: extra text between PEM blocks is fine`,
    async ({ TlsFileDatabase }, folder) => {
      const text = `one\r\n${testCa.replaceAll('\n', '\r\n')}two\n${otherCa}the end`
      const database = await TlsFileDatabase.open(await folder.write('ca.pem', bytesOf(text)))
      ok(database instanceof TlsDatabase, 'it is a database')
      const names = database.anchors.map(({ subjectName }) => subjectName)
      sameList(names, ['CN=Test CA', 'CN=Other Test CA'], 'The anchors')
      for (const fixture of [forA, fromOtherCa]) {
        equal(await database.verifyChain(certificateOf(fixture)), 0, 'The verdict')
      }
    },
  ),
  withFiles('path', 'GIO GTlsFileDatabase:anchors', async ({ TlsFileDatabase }, folder) => {
    const path = await folder.write('ca.pem', bytesOf(testCa))
    equal((await TlsFileDatabase.open(path)).path, path, 'The path')
  }),
  withFiles(
    'unreadable-or-garbage',
    `${opening}: an unreadable file, or garbage, is misc`,
    async ({ TlsFileDatabase }, folder) => {
      const misc = { code: 'TLS_MISC' }
      const missing = folder.path('missing.pem')
      const error = await rejects(TlsFileDatabase.open(missing), misc, 'Without the file')
      ok((error as Error).message.includes(missing), 'the error names the path')
      const garbage = testCa.replace('MII', '***')
      for (const text of ['', 'nothing', forA.privateKey, testCa.slice(0, 300), garbage]) {
        const path = await folder.write('bad.pem', bytesOf(text))
        await rejects(TlsFileDatabase.open(path), misc, text.slice(0, 30))
      }
    },
  ),
  withFiles(
    'read-once',
    'TlsFileDatabase: as it was when it was read',
    async ({ TlsFileDatabase }, folder) => {
      const path = await folder.write('ca.pem', bytesOf(testCa))
      const database = await TlsFileDatabase.open(path)
      await folder.write('ca.pem', bytesOf(otherCa))
      equal(await database.verifyChain(leaf), 0, 'The verdict')
      const again = await TlsFileDatabase.open(path)
      equal(await again.verifyChain(leaf), TlsCertificateFlags.UNKNOWN_CA, 'The later verdict')
    },
  ),
  withFiles('handle/of-the-file', handles, async ({ TlsFileDatabase }, folder) => {
    const path = await folder.write('ca #1.pem', bytesOf(testCa))
    const database = await TlsFileDatabase.open(path)
    const handle = (await database.createHandle(anchor)) as string
    ok(/^file:\/\/.*ca%20%231\.pem#[0-9a-f]{64}$/.test(handle), `"${handle}" is the file's`)
    const again = await TlsFileDatabase.open(path)
    ok((await again.lookupByHandle(handle))?.isSame(anchor) === true, 'it is found again')
    equal(await again.createHandle(leaf), null, 'The handle of one that is not in it')
  }),
  withFiles('handle/of-another-file', handles, async ({ TlsFileDatabase }, folder) => {
    const [one, other] = await Promise.all(
      ['one.pem', 'other.pem'].map(async (name) =>
        TlsFileDatabase.open(await folder.write(name, bytesOf(testCa))),
      ),
    )
    const handle = (await one?.createHandle(anchor)) as string
    equal(await other?.lookupByHandle(handle), null, 'What it stands for in another file')
    const database = TlsDatabase.fromPem(testCa)
    equal(await database.lookupByHandle(handle), null, 'What it stands for without a file')
  }),
  withFiles('abort', 'IoOptions.signal', async ({ TlsFileDatabase }, folder) => {
    const path = await folder.write('ca.pem', bytesOf(testCa))
    const reason = new Error('no longer wanted')
    const opened = TlsFileDatabase.open(path, { signal: AbortSignal.abort(reason) })
    await rejects(opened, { value: reason }, 'Opening it')
  }),
]

/** Trust anchors in files, where the runtime has any. */
export const fileDatabase: ConformanceArea = {
  name: 'file-database',
  scope: 'backend',
  applies: () => true,
  cases,
}
