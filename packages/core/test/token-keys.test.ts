import { forA } from '@tlsio/conformance/fixtures'
import {
  type ClientConnectionOptions,
  type TlsCapabilities,
  TlsCertificate,
  type TlsInteraction,
  TlsPasswordFlags,
} from '@tlsio/core'
import type { GivenPin, TokenOutcome } from '@tlsio/core/backend'
import test from 'ava'
import { fullHandshake, ScriptedBackend, someStream } from './support/scripted-backend.js'

const { der } = TlsCertificate.fromPem(forA.certificate)
const certificate = TlsCertificate.fromDerChain([der], {
  privateKeyPkcs11Uri: 'pkcs11:object=a?pin-value=1234',
})

class TokenBackend extends ScriptedBackend {
  override readonly supports: TlsCapabilities = { ...new ScriptedBackend().supports, pkcs11: true }
}

const wants = { token: 'pkcs11:token=mine', label: 'mine', flags: TlsPasswordFlags.PKCS11_USER }

/** Opens with any PIN. */
function open(_: string, pin: GivenPin | undefined): TokenOutcome<string> {
  return pin === undefined ? { wants } : { opened: new TextDecoder().decode(pin.value) }
}

/** A client in its handshake, with a key in a token. */
async function handshaking(options: ClientConnectionOptions) {
  const backend = new TokenBackend()
  const connection = backend.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'a.test' },
    certificate,
    acceptCertificate: () => true,
    ...options,
  })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  handshake.catch(() => {})
  const driver = await made
  const { openToken } = driver.parameters ?? {}
  if (openToken === undefined) throw new Error('The handshake has no parameters.')
  return { connection, handshake, driver, openToken }
}

test('token-keys/refused-where-there-are-no-tokens', async (t) => {
  const connection = new ScriptedBackend().createClientConnection(someStream(), { certificate })
  const error = await t.throwsAsync(connection.handshake(), { code: 'TLS_NOT_SUPPORTED' })
  t.notRegex(String(error), /1234/)
})

test('token-keys/the-connection-is-asked', async (t) => {
  const asked: string[] = []
  const interaction: TlsInteraction = {
    async askPassword(password, { signal }) {
      asked.push(password.description)
      t.false(signal?.aborted)
      await t.throwsAsync(connection.read(), { code: 'IO_FAILED' })
      password.setValue('1234')
      return 'handled'
    },
  }
  const { connection, driver, handshake, openToken } = await handshaking({ interaction })
  t.is(driver.parameters?.certificate, certificate)
  t.is(await openToken('pkcs11:object=a', open), '1234')
  t.deepEqual(asked, ['the token "mine"'])
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
})

test('token-keys/nobody-to-ask', async (t) => {
  const { openToken } = await handshaking({})
  await t.throwsAsync(openToken('pkcs11:object=a', open), { code: 'TLS_BAD_CERTIFICATE_PASSWORD' })
})

test('token-keys/refused-to-one-backend-is-refused-to-all', async (t) => {
  const shown: string[] = []
  const stubborn = { ...wants, token: 'pkcs11:token=stubborn', label: 'stubborn' }
  const refuse = (_: string, pin: GivenPin | undefined): TokenOutcome<string> => {
    if (pin === undefined) return { wants: stubborn }
    shown.push(new TextDecoder().decode(pin.value))
    return { wants: { ...stubborn, flags: stubborn.flags | TlsPasswordFlags.RETRY } }
  }
  const interaction: TlsInteraction = {
    async askPassword(password) {
      password.setValue('9999')
      return 'handled'
    },
  }
  const code = 'TLS_BAD_CERTIFICATE_PASSWORD'
  for (let count = 0; count < 3; count++) {
    const { openToken } = await handshaking({ interaction })
    await t.throwsAsync(openToken('pkcs11:token=stubborn', refuse), { code })
  }
  t.deepEqual(shown, ['9999'])
})

test('token-keys/aborted-with-the-handshake', async (t) => {
  const interaction: TlsInteraction = { askPassword: () => new Promise(() => {}) }
  const { connection, openToken } = await handshaking({ interaction })
  const opening = openToken('pkcs11:object=a', open)
  const reason = new Error('no longer')
  connection.abort(reason)
  t.is(await t.throwsAsync(opening), reason)
})
