import type { ClientConnectionOptions, TlsClientConnection } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import test from 'ava'
import {
  fullHandshake,
  ScriptedBackend,
  type ScriptedDriver,
  someStream,
} from './support/scripted-backend.js'

const staple = Uint8Array.of(0x30, 3, 10, 1, 0)
const serverIdentity = { hostname: 'a.test' }
const accepting = { acceptCertificate: () => true, serverIdentity }

interface Started {
  readonly connection: TlsClientConnection
  readonly driver: ScriptedDriver
  /** Ends the engine's part of the handshake. */
  finish(result?: Partial<HandshakeResult>): Promise<void>
}

async function start(
  options: ClientConnectionOptions = {},
  prepare: (connection: TlsClientConnection) => void = () => {},
): Promise<Started> {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), { ...accepting, ...options })
  prepare(connection)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  handshake.catch(() => {})
  const driver = await made
  const finish = (result: Partial<HandshakeResult> = { ocspStaple: staple }) => {
    driver.handshakeResult.resolve(fullHandshake(result))
    return handshake
  }
  return { connection, driver, finish }
}

test('ocsp-staple/as-the-server-sent-it', async (t) => {
  const { connection, driver, finish } = await start({ requestOcspStaple: true })
  t.true(driver.parameters?.requestOcspStaple)
  t.is(connection.ocspStaple, null)
  await finish()
  t.is(connection.ocspStaple, staple)
  await connection.close()
  t.is(connection.ocspStaple, staple)
})

test('ocsp-staple/none-unless-it-was-asked-for', async (t) => {
  const { connection, driver, finish } = await start()
  t.false(connection.requestOcspStaple)
  t.false(driver.parameters?.requestOcspStaple)
  await finish()
  t.is(connection.ocspStaple, null)
})

test('ocsp-staple/none-sent', async (t) => {
  for (const ocspStaple of [undefined, null, new Uint8Array()]) {
    const { connection, finish } = await start({ requestOcspStaple: true })
    await finish({ ocspStaple })
    t.is(connection.ocspStaple, null)
  }
})

test('ocsp-staple/read-when-the-handshake-starts', async (t) => {
  const late = await start({}, (connection) => {
    connection.requestOcspStaple = true
  })
  t.true(late.driver.parameters?.requestOcspStaple)
  late.connection.requestOcspStaple = false
  await late.finish()
  t.is(late.connection.ocspStaple, staple)
  const tooLate = await start()
  tooLate.connection.requestOcspStaple = true
  await tooLate.finish()
  t.is(tooLate.connection.ocspStaple, null)
})

test('ocsp-staple/none-on-a-resumed-connection', async (t) => {
  const first = await start({ requestOcspStaple: true })
  await first.finish()
  first.driver.events.session({ data: Uint8Array.of(1) })
  const session = await first.connection.getSession({ wait: 0 })
  const second = await start({ requestOcspStaple: true }, (connection) => {
    connection.setSession(session)
  })
  t.deepEqual(second.driver.parameters?.session, Uint8Array.of(1))
  // Whatever the engine says: there was no certificate that it could be about.
  await second.finish({ isSessionResumed: true, peerChain: [], ocspStaple: staple })
  t.true(second.connection.isSessionResumed)
  t.is(second.connection.ocspStaple, null)
})

test('ocsp-staple/none-before-the-verdict-nor-without-it', async (t) => {
  const seen: unknown[] = []
  let connection: TlsClientConnection | undefined
  for (const answer of [true, false]) {
    const acceptCertificate = () => {
      seen.push(connection?.ocspStaple)
      return answer
    }
    const started = await start({ requestOcspStaple: true, acceptCertificate })
    connection = started.connection
    if (answer) await started.finish()
    else await t.throwsAsync(started.finish(), { code: 'TLS_BAD_CERTIFICATE' })
    seen.push(connection.ocspStaple)
  }
  t.deepEqual(seen, [null, staple, null, null])
})

test('ocsp-staple/none-after-an-abort-during-the-verdict', async (t) => {
  const { connection, finish } = await start({
    requestOcspStaple: true,
    acceptCertificate: async () => {
      connection.abort(new Error('No longer wanted.'))
      return true
    },
  })
  await t.throwsAsync(finish(), { message: 'No longer wanted.' })
  t.is(connection.ocspStaple, null)
})

test('ocsp-staple/true-or-false', async (t) => {
  const backend = new ScriptedBackend()
  const options = { requestOcspStaple: 1 as unknown as boolean }
  t.throws(() => backend.createClientConnection(someStream(), options), { instanceOf: TypeError })
})
