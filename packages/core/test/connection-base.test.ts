import { ManualClock } from '@tlsio/conformance'
import { forA, viaIntermediate } from '@tlsio/conformance/fixtures'
import { IoError, TicketKeys, TlsCertificate, TlsError } from '@tlsio/core'
import test from 'ava'
import {
  fullHandshake,
  ScriptedBackend,
  type ScriptedDriver,
  someCertificate,
  someStream,
} from './support/scripted-backend.js'

const ownCertificate = TlsCertificate.fromPem(`${forA.certificate}${forA.privateKey}`)

function leafOf(chain: string): string {
  return chain.slice(0, chain.indexOf('-----END CERTIFICATE-----') + 26)
}

const bytes = new Uint8Array([1, 2, 3])
const accepting = { acceptCertificate: () => true, serverIdentity: { hostname: 'a.test' } }

async function openConnection(options = {}) {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), { ...accepting, ...options })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const driver = await made
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
  return { backend, connection, driver }
}

test('connection/handshake/implicit-by-read-and-shared', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const [read, write, handshake] = [
    connection.read(),
    connection.write(bytes),
    connection.handshake(),
  ]
  const driver = await made
  t.deepEqual(driver.log, ['handshake'])
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
  driver.reads[0]?.resolve(bytes)
  driver.writes[0]?.resolve()
  t.is(await read, bytes)
  await write
  t.is(backend.drivers.length, 1)
})

test('connection/handshake/second-one-does-nothing', async (t) => {
  const { connection, driver } = await openConnection()
  await connection.handshake()
  t.deepEqual(driver.log, ['handshake'])
})

test('connection/handshake/error-is-sticky', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const error = new TlsError('TLS_NOT_TLS', 'no')
  const driver = await made
  driver.handshakeResult.reject(error)
  for (const operation of [
    handshake,
    connection.handshake(),
    connection.read(),
    connection.write(bytes),
  ]) {
    t.is(await t.throwsAsync(operation), error)
  }
  await connection.close()
  t.deepEqual(driver.log, ['handshake', 'abort'])
})

test('connection/handshake/abort-before-start-leaves-it-usable', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const reason = new Error('never mind')
  const signal = AbortSignal.abort(reason)
  t.is(await t.throwsAsync(connection.handshake({ signal })), reason)
  t.is(await t.throwsAsync(connection.read({ signal })), reason)
  t.is(await t.throwsAsync(connection.write(bytes, { signal })), reason)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  ;(await made).handshakeResult.resolve(fullHandshake())
  await handshake
  t.pass()
})

test('connection/handshake/abort-while-it-runs-poisons-at-once', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const controller = new AbortController()
  const made = backend.nextDriver()
  const handshake = connection.handshake({ signal: controller.signal })
  const driver = await made
  const reason = new Error('too slow')
  controller.abort(reason)
  t.is(await t.throwsAsync(handshake), reason)
  t.is(await t.throwsAsync(connection.read()), reason)
  t.true(driver.log.includes('abort'))
})

test('connection/handshake/abort-while-settings-are-read-reaches-the-driver', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const controller = new AbortController()
  const made = backend.nextDriver()
  const handshake = connection.handshake({ signal: controller.signal })
  controller.abort(new Error('too slow'))
  await t.throwsAsync(handshake, { message: 'too slow' })
  t.deepEqual((await made).log, ['abort'])
})

test('connection/handshake/only-the-one-who-started-it-can-abort-it', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const driver = await made
  const controller = new AbortController()
  const read = connection.read({ signal: controller.signal })
  controller.abort(new Error('not me'))
  await t.throwsAsync(read, { message: 'not me' })
  driver.handshakeResult.resolve(fullHandshake())
  await t.notThrowsAsync(handshake)
})

test('connection/accept/operation-inside-the-callback-fails', async (t) => {
  const backend = new ScriptedBackend()
  let inside: unknown
  const connection = backend.createClientConnection(someStream(), {
    async acceptCertificate() {
      inside = await connection.handshake().catch((error: unknown) => error)
      return true
    },
  })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  ;(await made).handshakeResult.resolve(fullHandshake())
  await handshake
  t.is((inside as IoError).code, 'IO_FAILED')
})

test('connection/accept/peer-is-set-after-the-answer-and-announced-once', async (t) => {
  const backend = new ScriptedBackend()
  const events: string[] = []
  const connection = backend.createClientConnection(someStream(), {
    acceptCertificate() {
      t.is(connection.peerCertificate, null)
      return false
    },
  })
  for (const name of ['change:peerCertificate', 'change:peerCertificateErrors']) {
    connection.addEventListener(name, () => events.push(name))
  }
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  ;(await made).handshakeResult.resolve(fullHandshake())
  await t.throwsAsync(handshake, { code: 'TLS_BAD_CERTIFICATE' })
  t.true(connection.peerCertificate?.isSame(someCertificate))
  t.not(connection.peerCertificateErrors, 0)
  t.deepEqual(events, ['change:peerCertificate', 'change:peerCertificateErrors'])
})

test('connection/accept/callback-that-throws-rejects', async (t) => {
  const backend = new ScriptedBackend()
  const cause = new Error('the dialogue broke')
  const connection = backend.createClientConnection(someStream(), {
    acceptCertificate() {
      throw cause
    },
  })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  ;(await made).handshakeResult.resolve(fullHandshake())
  t.is((await t.throwsAsync(handshake, { code: 'TLS_BAD_CERTIFICATE' }))?.cause, cause)
})

test('connection/accept/close-inside-the-callback-gives-up', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), {
    async acceptCertificate() {
      await t.throwsAsync(connection.closeWrite(), { code: 'IO_FAILED' })
      await connection.close()
      return true
    },
  })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  ;(await made).handshakeResult.resolve(fullHandshake())
  await t.throwsAsync(handshake, { code: 'IO_CLOSED' })
})

test('connection/read/one-at-a-time', async (t) => {
  const { connection, driver } = await openConnection()
  const read = connection.read()
  await t.throwsAsync(connection.read(), { code: 'IO_PENDING' })
  driver.reads[0]?.resolve(bytes)
  t.is(await read, bytes)
})

test('connection/read/abort-loses-nothing', async (t) => {
  const { connection, driver } = await openConnection()
  const controller = new AbortController()
  const read = connection.read({ signal: controller.signal })
  controller.abort(new Error('later'))
  await t.throwsAsync(read, { message: 'later' })
  const next = connection.read()
  driver.reads[0]?.resolve(bytes)
  t.is(await next, bytes)
  t.is(driver.reads.length, 1)
})

test('connection/write/independent-of-a-pending-read', async (t) => {
  const { connection, driver } = await openConnection()
  const read = connection.read()
  const write = connection.write(bytes)
  await t.throwsAsync(connection.write(bytes), { code: 'IO_PENDING' })
  driver.writes[0]?.resolve()
  await write
  driver.reads[0]?.resolve(null)
  t.is(await read, null)
})

test('connection/write/waits-for-one-that-was-given-up', async (t) => {
  const { connection, driver } = await openConnection()
  const controller = new AbortController()
  const write = connection.write(bytes, { signal: controller.signal })
  controller.abort(new Error('later'))
  await t.throwsAsync(write, { message: 'later' })
  const next = connection.write(bytes)
  t.is(driver.writes.length, 1)
  driver.writes[0]?.resolve()
  while (driver.writes.length < 2) await Promise.resolve()
  driver.writes[1]?.resolve()
  await t.notThrowsAsync(next)
})

test('connection/write/nothing-is-nothing', async (t) => {
  const { connection, driver } = await openConnection()
  await connection.write(new Uint8Array(0))
  t.false(driver.log.includes('write'))
})

test('connection/close/pending-read-rejects-and-order-is-kept', async (t) => {
  const { connection, driver } = await openConnection()
  const read = t.throwsAsync(connection.read(), { code: 'IO_CLOSED' })
  const write = connection.write(bytes)
  const close = connection.close()
  await read
  await t.throwsAsync(connection.write(bytes), { code: 'IO_CLOSED' })
  t.false(driver.log.includes('closeWrite'), 'what is being written goes out first')
  driver.writes[0]?.resolve()
  await write
  await close
  t.deepEqual(driver.log.slice(-2), ['closeWrite', 'close'])
  await connection.close()
  t.is(driver.log.filter((entry) => entry === 'close').length, 1)
  t.true(connection.closed)
})

test('connection/close/transport-is-closed-although-close-notify-failed', async (t) => {
  const { connection, driver } = await openConnection()
  const error = new IoError('IO_BROKEN_PIPE', 'gone')
  driver.closeNotify = Promise.reject(error)
  t.is(await t.throwsAsync(connection.close()), error)
  t.is(driver.log.at(-1), 'close')
})

test('connection/close/error-of-close-notify-is-told-before-that-of-the-transport', async (t) => {
  const { connection, driver } = await openConnection()
  const error = new IoError('IO_BROKEN_PIPE', 'gone')
  driver.closeNotify = Promise.reject(error)
  driver.closing = Promise.reject(new IoError('IO_FAILED', 'does not close'))
  driver.closing.catch(() => {})
  t.is(await t.throwsAsync(connection.close()), error)
  t.is(driver.log.at(-1), 'close')
})

test('connection/close/never-starts-a-handshake', async (t) => {
  const backend = new ScriptedBackend()
  const stream = someStream()
  const connection = backend.createClientConnection(stream, accepting)
  await connection.close()
  t.is(backend.drivers.length, 0)
  await t.throwsAsync(stream.read(), { code: 'IO_CLOSED' })
  await t.throwsAsync(connection.handshake(), { code: 'IO_CLOSED' })
})

test('connection/close/waits-for-a-running-handshake', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const driver = await made
  const close = connection.close()
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
  await close
  t.deepEqual(driver.log, ['handshake', 'closeRead', 'closeWrite', 'close'])
})

test('connection/close/signal-ends-the-wait-and-drops-the-connection', async (t) => {
  const { connection, driver } = await openConnection()
  const write = t.throwsAsync(connection.write(bytes))
  const controller = new AbortController()
  const close = connection.close({ signal: controller.signal })
  const reason = new Error('long enough')
  controller.abort(reason)
  t.is(await t.throwsAsync(close), reason)
  t.is(driver.log.at(-1), 'abort')
  t.truthy(await write)
})

test('connection/streams-and-chunks-are-checked', async (t) => {
  const backend = new ScriptedBackend()
  for (const stream of [undefined, null, {}, new EventTarget(), 'a.test']) {
    t.throws(() => backend.createClientConnection(stream as never), { message: /fromDuplex/ })
  }
  const { connection, driver } = await openConnection()
  for (const chunk of ['text', [1], null, undefined]) {
    await t.throwsAsync(connection.write(chunk as never), { instanceOf: TypeError })
  }
  t.false(driver.log.includes('write'))
})

test('connection/settings/the-callers-objects-may-change-afterwards', async (t) => {
  const backend = new ScriptedBackend()
  const serverIdentity = { hostname: 'a.test' }
  const advertisedProtocols = ['ftp']
  const connection = backend.createClientConnection(someStream(), {
    ...accepting,
    serverIdentity,
    advertisedProtocols,
  })
  serverIdentity.hostname = 'evil.test'
  advertisedProtocols.push('h2')
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const driver = await made
  t.is(driver.parameters?.serverName, 'a.test')
  t.deepEqual(driver.parameters?.advertisedProtocols, ['ftp'])
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
})

test('connection/close/one-side-then-the-other', async (t) => {
  const { connection, driver } = await openConnection()
  await connection.closeWrite()
  await connection.closeWrite()
  t.is(driver.log.filter((entry) => entry === 'closeWrite').length, 1)
  const read = connection.read()
  driver.reads[0]?.resolve(bytes)
  t.is(await read, bytes)
  await connection.closeRead()
  await t.throwsAsync(connection.read(), { code: 'IO_CLOSED' })
  t.is(driver.log.at(-1), 'close')
})

test('connection/close/reading-side-before-the-handshake', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  await connection.closeRead()
  const driver = await made
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
  t.deepEqual(driver.log, ['handshake', 'closeRead'])
})

test('connection/close/handshake-needs-both-directions', async (t) => {
  for (const side of ['closeRead', 'closeWrite'] as const) {
    const backend = new ScriptedBackend()
    const connection = backend.createClientConnection(someStream(), accepting)
    await connection[side]()
    await t.throwsAsync(connection.handshake(), { code: 'IO_CLOSED' })
    await t.throwsAsync(connection.read(), { code: 'IO_CLOSED' })
    await t.throwsAsync(connection.write(bytes), { code: 'IO_CLOSED' })
    t.is(backend.drivers.length, 0)
  }
})

test('connection/close/input-is-taken-while-a-write-is-pending', async (t) => {
  const { connection, driver } = await openConnection()
  const write = connection.write(bytes)
  const closed = connection.close()
  await new Promise((resolve) => setImmediate(resolve))
  // The peer may be closing, too, and wait for us to take what it sends.
  t.deepEqual(driver.log, ['handshake', 'write', 'closeRead'])
  driver.writes[0]?.resolve()
  await write
  await closed
  t.deepEqual(driver.log, ['handshake', 'write', 'closeRead', 'closeWrite', 'close'])
})

test('connection/abort/nothing-is-asked-of-the-driver-afterwards', async (t) => {
  const { connection, driver } = await openConnection()
  const closeWrite = connection.closeWrite()
  const reason = new Error('enough')
  connection.abort(reason)
  t.is(await t.throwsAsync(closeWrite), reason)
  t.deepEqual(driver.log, ['handshake', 'abort'])
})

test('connection/abort/everything-pending-rejects', async (t) => {
  const { connection, driver } = await openConnection()
  const reason = new Error('enough')
  const pending = [connection.read(), connection.write(bytes)]
  connection.abort(reason)
  for (const operation of pending) t.is(await t.throwsAsync(operation), reason)
  t.is(driver.log.at(-1), 'abort')
  await connection.close()
  t.false(driver.log.includes('closeWrite'))
})

test('connection/abort/ends-a-running-handshake', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  await made
  const close = connection.close()
  connection.abort(new Error('enough'))
  await t.throwsAsync(handshake, { message: 'enough' })
  await t.notThrowsAsync(close)
})

test('connection/end/truncation-is-an-error-until-it-is-allowed', async (t) => {
  for (const requireCloseNotify of [true, false]) {
    const { connection, driver } = await openConnection()
    const read = connection.read()
    connection.requireCloseNotify = requireCloseNotify
    driver.reads[0]?.reject(new TlsError('TLS_EOF', 'cut'))
    if (requireCloseNotify) await t.throwsAsync(read, { code: 'TLS_EOF' })
    else t.is(await read, null)
  }
})

test('connection/facts/null-before-and-after', async (t) => {
  const backend = new ScriptedBackend()
  const fresh = backend.createClientConnection(someStream(), accepting)
  t.deepEqual(
    [fresh.protocolVersion, fresh.cipherSuite, fresh.isSessionResumed, fresh.peerCertificate],
    [null, null, undefined, null],
  )
  const { connection } = await openConnection()
  t.is(connection.protocolVersion, 'TLSv1.3')
  await connection.close()
  t.deepEqual([connection.protocolVersion, connection.cipherSuite], [null, null])
  t.is(connection.isSessionResumed, false)
})

test('connection/settings/copied-when-the-handshake-starts', async (t) => {
  const backend = new ScriptedBackend()
  const protocols = ['ftp']
  const connection = backend.createClientConnection(someStream(), {
    ...accepting,
    advertisedProtocols: protocols,
  })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  protocols.push('h2')
  connection.serverIdentity = { hostname: 'b.test' }
  connection.certificate = ownCertificate
  const driver = await made
  t.is(driver.parameters?.certificate, undefined, 'or it would be cached as the settings of others')
  t.deepEqual(driver.parameters?.advertisedProtocols, ['ftp'])
  t.is(driver.parameters?.serverName, 'a.test')
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
})

test('client/session/tickets-end-the-wait-and-time-ends-it-too', async (t) => {
  const clock = new ManualClock()
  const backend = new ScriptedBackend({ clock })
  const connection = backend.createClientConnection(someStream(), accepting)
  await t.throwsAsync(connection.getSession(), { code: 'TLS_MISC' })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const driver: ScriptedDriver = await made
  clock.advance(30)
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
  const none = connection.getSession()
  await Promise.resolve()
  clock.advance(30)
  t.false((await none).isResumable)
  const one = connection.getSession({ wait: 1000 })
  driver.events.session({ data: bytes })
  t.true((await one).isResumable)
  t.is(clock.pending, 0)
})

test('client/session/set-refuses-what-cannot-be', async (t) => {
  const { connection, driver } = await openConnection()
  driver.events.session({ data: bytes })
  const session = await connection.getSession()
  t.throws(() => connection.setSession(session), { instanceOf: TypeError })
  const off = new ScriptedBackend().createClientConnection(someStream(), {
    sessionResumption: 'off',
  })
  t.throws(() => off.setSession(session), { code: 'TLS_NOT_SUPPORTED' })
  const fresh = new ScriptedBackend().createClientConnection(someStream())
  t.throws(() => fresh.setSession({} as never), { instanceOf: TypeError })
  t.notThrows(() => fresh.setSession(session))
  t.notThrows(() => fresh.setSession(null))
})

test('client/session/engine-that-resumes-what-it-was-not-given-is-stopped', async (t) => {
  const backend = new ScriptedBackend()
  const connection = backend.createClientConnection(someStream(), accepting)
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  ;(await made).handshakeResult.resolve(fullHandshake({ isSessionResumed: true, peerChain: [] }))
  await t.throwsAsync(handshake, { code: 'TLS_MISC' })
})

test('client/options/settings-of-a-context-are-the-whole-chain-and-the-key', async (t) => {
  const keys = new Set<string>()
  const certificates = [
    undefined,
    ownCertificate,
    TlsCertificate.fromPem(`${viaIntermediate.certificate}${viaIntermediate.privateKey}`),
    TlsCertificate.fromPem(`${leafOf(viaIntermediate.certificate)}${viaIntermediate.privateKey}`),
    withAnotherKey(
      TlsCertificate.fromPem(`${viaIntermediate.certificate}${viaIntermediate.privateKey}`),
    ),
  ]
  for (const certificate of certificates) {
    const backend = new ScriptedBackend()
    const connection = backend.createClientConnection(someStream(), { ...accepting, certificate })
    const made = backend.nextDriver()
    const handshake = connection.handshake()
    const driver = await made
    keys.add(driver.parameters?.settingsKey ?? '')
    driver.handshakeResult.resolve(fullHandshake())
    await handshake
  }
  t.is(keys.size, certificates.length)
})

test('client/options/checked-when-set-late-too', (t) => {
  const connection = new ScriptedBackend().createClientConnection(someStream())
  const set = (changes: object) => () => Object.assign(connection, changes)
  t.throws(set({ sessionResumption: 'sometimes' }), { instanceOf: TypeError })
  t.throws(set({ database: {} }), { instanceOf: TypeError })
  t.throws(set({ certificate: someCertificate }), { code: 'TLS_BAD_CERTIFICATE' })
  t.throws(set({ advertisedProtocols: [''] }), { instanceOf: TypeError })
  t.throws(set({ acceptCertificate: 1 }), { instanceOf: TypeError })
})

test('client/options/refused-at-once', (t) => {
  const backend = new ScriptedBackend()
  const make = (options: object) => () => backend.createClientConnection(someStream(), options)
  t.throws(make({ minVersion: 'TLSv1' }), { code: 'TLS_NOT_SUPPORTED', message: /TLSv1/ })
  t.throws(make({ minVersion: 'TLSv9' }), { instanceOf: TypeError })
  t.throws(make({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }), { instanceOf: RangeError })
  t.throws(make({ advertisedProtocols: [''] }), { instanceOf: TypeError })
  t.throws(make({ advertisedProtocols: ['x'.repeat(256)] }), { instanceOf: TypeError })
  t.throws(make({ database: {} }), { instanceOf: TypeError })
  t.throws(make({ certificate: someCertificate }), { code: 'TLS_BAD_CERTIFICATE' })
  t.throws(make({ serverIdentity: { hostname: 'a b' } }), { instanceOf: TypeError })
  t.throws(make({ acceptCertificate: true }), { instanceOf: TypeError })
})

test('server/options/ticket-keys-refused-where-servers-do-not-resume', (t) => {
  const make = (ticketKeys?: TicketKeys) => () =>
    new ScriptedBackend().createServerConnection(someStream(), { ticketKeys })
  t.notThrows(make())
  t.throws(make(TicketKeys.generate()), { code: 'TLS_NOT_SUPPORTED', message: /ticket keys/ })
})

/** Differs in the secret part only, which cannot be told without arithmetic. */
function withAnotherKey(certificate: TlsCertificate): TlsCertificate {
  const privateKey = certificate.privateKeyDer ?? new Uint8Array(0)
  privateKey.set([(privateKey.at(-1) ?? 0) ^ 1], privateKey.length - 1)
  const chain = certificate.chain().map(({ der }) => der)
  return TlsCertificate.fromDerChain(chain, { privateKey })
}
