import { equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import * as fixtures from '../fixtures/fixtures.js'
import { bytesFromBase64, certificateOf } from '../fixtures/load.js'
import { withFiles } from '../with-files.js'

const { forA, forB } = fixtures

const one = 'GIO g_tls_certificate_new_from_file()'
const two = 'GIO g_tls_certificate_new_from_files()'
const locked = 'GIO g_tls_certificate_new_from_file_with_password()'
const list = 'GIO g_tls_certificate_list_new_from_file()'
const bad = { code: 'TLS_BAD_CERTIFICATE' }

const cases: readonly ConformanceCase[] = [
  withFiles('one/pem', `${one}: PEM`, async ({ certificateFromFile }, folder) => {
    const path = await folder.write('a.pem', bytesOf(forA.certificate + forA.privateKey))
    const certificate = await certificateFromFile(path)
    ok(certificate.isSame(certificateOf(forA)), 'it is the certificate')
    ok(certificate.hasPrivateKey, 'its key is there')
  }),
  withFiles('one/pem-without-key', `${one}: PEM`, async ({ certificateFromFile }, folder) => {
    const path = await folder.write('a.crt', bytesOf(forA.certificate))
    equal((await certificateFromFile(path)).hasPrivateKey, false, 'hasPrivateKey')
  }),
  withFiles(
    'one/suffix-decides',
    `${one}: .p12 and .pfx are PKCS #12, case-sensitive`,
    async ({ certificateFromFile }, folder) => {
      const container = bytesFromBase64(fixtures.pkcs12EmptyPassword)
      for (const name of ['a.p12', 'a.pfx']) {
        const certificate = await certificateFromFile(await folder.write(name, container))
        ok(certificate.isSame(certificateOf(forA)), `${name} is read`)
      }
      for (const name of ['a.P12', 'a.PFX', 'a.p12.pem', 'p12']) {
        await rejects(certificateFromFile(await folder.write(name, container)), bad, name)
      }
      const path = await folder.write('pem.p12', bytesOf(forA.certificate + forA.privateKey))
      await rejects(certificateFromFile(path), bad, 'PEM in a file for PKCS #12')
    },
  ),
  withFiles(
    'one/with-password',
    `${locked}: PKCS #12 with its password`,
    async ({ certificateFromFile }, folder) => {
      const path = await folder.write('a.p12', bytesFromBase64(fixtures.pkcs12))
      const certificate = await certificateFromFile(path, { password: 'secret' })
      ok(certificate.hasPrivateKey, 'its key is there')
      const expected = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }
      await rejects(certificateFromFile(path, { password: 'wrong' }), expected, 'A wrong one')
      await rejects(certificateFromFile(path), expected, 'None')
    },
  ),
  withFiles(
    'one/encrypted-pem',
    `${locked}: refuses anything but PKCS #12; ours reads encrypted PEM, too`,
    async ({ certificateFromFile }, folder) => {
      const path = await folder.write('a.pem', bytesOf(forA.certificate + fixtures.encryptedKey))
      const certificate = await certificateFromFile(path, { password: 'secret' })
      ok(certificate.hasPrivateKey, 'its key is there')
      const expected = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }
      await rejects(certificateFromFile(path, { password: 'wrong' }), expected, 'A wrong one')
      await rejects(certificateFromFile(path), expected, 'None')
    },
  ),
  withFiles('one/damaged', `${one}: no certificate`, async ({ certificateFromFile }, folder) => {
    for (const text of ['', 'nothing', forA.privateKey, forA.certificate.slice(0, 300)]) {
      await rejects(certificateFromFile(await folder.write('a.pem', bytesOf(text))), bad, text)
    }
  }),
  withFiles('two/certificate-and-key', two, async ({ certificateFromFiles }, folder) => {
    const certificatePath = await folder.write('a.crt', bytesOf(forA.certificate))
    const keyPath = await folder.write('a.key', bytesOf(forA.privateKey))
    const certificate = await certificateFromFiles(certificatePath, keyPath)
    ok(certificate.isSame(certificateOf(forA)), 'it is the certificate')
    ok(certificate.hasPrivateKey, 'its key is there')
  }),
  withFiles(
    'two/encrypted-key',
    'certificateFromFiles()',
    async ({ certificateFromFiles }, folder) => {
      const certificatePath = await folder.write('a.crt', bytesOf(forA.certificate))
      const keyPath = await folder.write('a.key', bytesOf(fixtures.encryptedKey))
      const options = { password: bytesOf('secret') }
      const certificate = await certificateFromFiles(certificatePath, keyPath, options)
      ok(certificate.hasPrivateKey, 'its key is there')
    },
  ),
  withFiles(
    'two/same-file-insists-on-a-key',
    `${two}: the same file may be passed twice to insist on a key`,
    async ({ certificateFromFiles }, folder) => {
      const both = await folder.write('both.pem', bytesOf(forA.certificate + forA.privateKey))
      ok((await certificateFromFiles(both, both)).hasPrivateKey, 'its key is there')
      const only = await folder.write('only.pem', bytesOf(forA.certificate))
      await rejects(certificateFromFiles(only, only), bad, 'Without a key')
    },
  ),
  withFiles(
    'two/key-cut-off',
    `${two}: a missing BEGIN or END marker is bad-certificate`,
    async ({ certificateFromFiles }, folder) => {
      const certificatePath = await folder.write('a.crt', bytesOf(forA.certificate))
      const key = forA.privateKey
      for (const text of [key.slice(0, key.indexOf('-----END')), key.slice(key.indexOf('\n'))]) {
        const keyPath = await folder.write('a.key', bytesOf(text))
        await rejects(certificateFromFiles(certificatePath, keyPath), bad, 'Reading it')
      }
    },
  ),
  withFiles(
    'two/key-comes-first',
    `${two}: the key file is read and parsed first`,
    async ({ certificateFromFiles }, folder) => {
      const keyPath = await folder.write('a.key', bytesOf('no key'))
      const reading = certificateFromFiles(folder.path('not-there.crt'), keyPath)
      await rejects(reading, bad, 'With a bad key and no certificate')
    },
  ),
  withFiles('list/unlinked', `${list}: all, unlinked`, async ({ certificatesFromFile }, folder) => {
    const text = `first\n${forA.certificate}second\n${forB.certificate}${fixtures.testCa}`
    const certificates = await certificatesFromFile(await folder.write('all.pem', bytesOf(text)))
    sameList(
      certificates.map(({ pem }) => pem.trim()),
      [forA.certificate, forB.certificate, fixtures.testCa].map((pem) => pem.trim()),
      'The list',
    )
    ok(
      certificates.every(({ issuer }) => issuer === null),
      'none is linked',
    )
  }),
  withFiles('list/none', `${list}: none is no error`, async ({ certificatesFromFile }, folder) => {
    const path = await folder.write('none.pem', bytesOf('nothing'))
    equal((await certificatesFromFile(path)).length, 0, 'The number')
  }),
  withFiles('list/one-is-bad', `${list}: an error`, async ({ certificatesFromFile }, folder) => {
    const [head = '', ...rest] = forB.certificate.trim().split('\n')
    const damaged = [head, rest[1], rest[0], ...rest.slice(2)].join('\n')
    const path = await folder.write('bad.pem', bytesOf(`${forA.certificate}${damaged}\n`))
    await rejects(certificatesFromFile(path), bad, 'Reading it')
  }),
  withFiles('file-not-there', 'IoErrorCode.IO_FAILED', async (core, folder) => {
    const path = folder.path('not-there.pem')
    const calls = [
      () => core.certificateFromFile(path),
      () => core.certificateFromFiles(path, path),
      () => core.certificatesFromFile(path),
    ]
    for (const call of calls) {
      const error = (await rejects(call(), { code: 'IO_FAILED' }, 'Reading it')) as Error
      ok(error.message.includes(path), 'the error names the path')
      equal((error.cause as { code?: string }).code, 'ENOENT', 'The cause')
    }
  }),
  withFiles('abort', 'IoOptions.signal', async ({ certificateFromFile }, folder) => {
    const path = await folder.write('a.pem', bytesOf(forA.certificate))
    const reason = new Error('no longer wanted')
    const reading = certificateFromFile(path, { signal: AbortSignal.abort(reason) })
    await rejects(reading, { value: reason }, 'Reading it')
  }),
]

/** Certificates and keys in files, where the runtime has any. */
export const certificateFiles: ConformanceArea = {
  name: 'certificate-files',
  scope: 'backend',
  applies: () => true,
  cases,
}
