import { createPrivateKey } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forA, pkcs12 } from '@tlsio/conformance/fixtures'
import { TlsCertificate, type TlsInteraction } from '@tlsio/core'
import { certificateFromFile, certificateFromFiles } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'

/** Gives one password, and keeps for what it was asked. */
function person(password: string): TlsInteraction & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async askPassword(request) {
      asked.push(request.description)
      request.setValue(password)
      return 'handled'
    },
  }
}

async function write(t: ExecutionContext, name: string, content: string | Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** The key as another program encrypts it. */
const encryptedKey = createPrivateKey(forA.privateKey).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'sésame',
}) as string

test('unlock/who-is-asked-learns-which-file', async (t) => {
  const interaction = person('sésame')
  const key = await write(t, 'a.key', encryptedKey)
  const certificate = await write(t, 'a.pem', forA.certificate)
  const both = await write(t, 'both.pem', encryptedKey + forA.certificate)
  t.true((await certificateFromFile(both, { interaction })).hasPrivateKey)
  t.true((await certificateFromFiles(certificate, key, { interaction })).hasPrivateKey)
  t.deepEqual(interaction.asked, [`the private key in ${both}`, `the private key in ${key}`])
  const container = await write(t, 'a.p12', Buffer.from(pkcs12, 'base64'))
  const other = person('secret')
  t.true((await certificateFromFile(container, { interaction: other })).hasPrivateKey)
  t.deepEqual(other.asked, [container])
})

test('unlock/no-file-no-question', async (t) => {
  const interaction = person('secret')
  const opening = certificateFromFile(join(tmpdir(), 'tlsio-none', 'a.p12'), { interaction })
  await t.throwsAsync(opening, { name: 'IoError' })
  t.deepEqual(interaction.asked, [])
})

test('unlock/one-signal-for-reading-and-asking', async (t) => {
  const both = await write(t, 'both.pem', encryptedKey + forA.certificate)
  const controller = new AbortController()
  const reason = new Error('No longer wanted.')
  const interaction = {
    askPassword() {
      controller.abort(reason)
      return new Promise<never>(() => {})
    },
  }
  const opening = certificateFromFile(both, { interaction, signal: controller.signal })
  t.is(await t.throwsAsync(opening), reason)
})

test('unlock/bytes-may-change-while-somebody-is-asked', async (t) => {
  const bytes = Uint8Array.from(Buffer.from(pkcs12, 'base64'))
  const interaction: TlsInteraction = {
    async askPassword(password) {
      bytes.fill(0)
      password.setValue('secret')
      return 'handled'
    },
  }
  const certificate = await TlsCertificate.fromPkcs12(bytes, { interaction })
  t.true(certificate.isSame(TlsCertificate.fromPem(forA.certificate)))
})
