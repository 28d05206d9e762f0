import { randomBytes } from 'node:crypto'
import { IoError, TicketKeys, TlsCertificate, TlsDatabase, TlsError } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { FtpsClient } from '#src/ftps/client.js'
import { FtpError } from '#src/ftps/reply.js'
import { expiredKeyPem, expiredPem, strangerPem } from './certificates.js'
import { clientOptions, connect, downloadAll, inChunks, startServer, within } from './harness.js'
import { closedPort, openDataPort, startScripted } from './scripted-server.js'

test('ftps/refused-command-leaves-nothing-hanging', async (t) => {
  const server = await startServer(t)
  server.files.set('taken', randomBytes(10))
  const client = await connect(t, server.port)
  for (const round of [1, 2]) {
    const missing = await rejection(t, downloadAll(client, 'missing'), FtpError)
    t.is(missing.code, 550)
    const taken = await rejection(t, client.upload('taken', inChunks(randomBytes(10))), FtpError)
    t.is(taken.code, 553)
    t.true((await client.list()).includes('taken'), `round ${round}`)
  }
  t.true(server.served.every(({ kind, resumed }) => kind === 'control' || resumed))
})

test('ftps/refusal-after-150-gives-up-the-handshake', async (t) => {
  const data = await openDataPort(t)
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn()
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['LIST', '150 Soon.'])
    // The client waits for our part of the handshake; it never comes.
    await (await data.peer).stream.read()
    await control.say('425 Cannot open data connection.\r\n')
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, client.list(), FtpError)
  t.is(error.code, 425)
})

test('ftps/refusal-ends-an-upload-that-nobody-reads', async (t) => {
  const data = await openDataPort(t)
  const keys = TicketKeys.generate()
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn(keys)
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['STOR', '150 Send.'])
    await (await data.peer).startTls(keys)
    await control.say('552 Disk full.\r\n')
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, client.upload('a', endless()), FtpError)
  t.is(error.code, 552)
})

test('ftps/refusal-says-how-the-data-connection-failed', async (t) => {
  const data = await openDataPort(t)
  const keys = TicketKeys.generate()
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn(keys)
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['RETR', '150 Here.'])
    const raw = await data.peer
    await raw.say('This is no TLS.\r\n')
    // The client says hello, and drops the connection when it has seen that.
    while ((await raw.stream.read().catch(() => null)) !== null);
    await control.say('426 Connection lost.\r\n')
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, downloadAll(client, 'a'), FtpError)
  t.is(error.code, 426)
  const { cause } = error
  t.true(cause instanceof TlsError || cause instanceof IoError, String(cause))
})

test('ftps/truncated-download-is-an-error-even-after-226', async (t) => {
  const data = await openDataPort(t)
  const keys = TicketKeys.generate()
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn(keys)
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['RETR', '150 Here.'])
    const raw = await data.peer
    const tls = await raw.startTls(keys)
    await tls.write(randomBytes(1000))
    tls.abort()
    await control.say('226 Done.\r\n')
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, downloadAll(client, 'a'), Error)
  t.true(error instanceof TlsError || error instanceof IoError, error.message)
})

test('ftps/certificate-of-a-data-connection-is-checked-too', async (t) => {
  const data = await openDataPort(t)
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn()
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['LIST', '150 Here.'])
    const certificate = TlsCertificate.fromPem(expiredPem + expiredKeyPem)
    await (await data.peer).startTls(undefined, certificate).catch(() => {})
    await control.say('426 The data connection broke.\r\n')
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, client.list(), TlsError)
  t.is(error.code, 'TLS_BAD_CERTIFICATE')
})

test('ftps/broken-data-connection-with-no-word-from-the-server', async (t) => {
  const data = await openDataPort(t)
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn()
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['LIST', '150 Here.'])
    const { stream } = await data.peer
    await stream.read()
    stream.abort()
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, client.list(), Error)
  t.regex(error.message, /handshake|dropped|ended/)
})

test('ftps/garbage-instead-of-tls', async (t) => {
  const port = await startScripted(t, async (peer) => {
    await peer.say('220 Ready.\r\n')
    await peer.converse(['AUTH', '234 Go ahead.'])
    await peer.stream.read()
    await peer.say('500 OOPS: this is plaintext\r\n')
  })
  const error = await rejection(t, FtpsClient.connect(clientOptions(port)), TlsError)
  t.is(error.code, 'TLS_NOT_TLS')
})

test('ftps/server-gone-in-the-handshake', async (t) => {
  const port = await startScripted(t, async (peer) => {
    await peer.say('220 Ready.\r\n')
    await peer.converse(['AUTH', '234 Go ahead.'])
    await peer.stream.read()
    peer.stream.abort()
  })
  const error = await rejection(t, FtpsClient.connect(clientOptions(port)), Error)
  t.true(error instanceof TlsError || error instanceof IoError, error.message)
})

test('ftps/server-gone-in-the-data-handshake', async (t) => {
  const data = await openDataPort(t)
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn()
    await control.converse(['EPSV', `229 (|||${data.port}|)`], ['LIST', '150 Soon.'])
    const { stream } = await data.peer
    await stream.read()
    stream.abort()
    control.stream.abort()
  })
  const client = await connect(t, port)
  const error = await rejection(t, client.list(), Error)
  t.true(error instanceof TlsError || error instanceof IoError, error.message)
})

test('ftps/connection-refused', async (t) => {
  const port = await closedPort()
  const error = await rejection(t, FtpsClient.connect(clientOptions(port)), IoError)
  t.is(error.code, 'IO_CONNECTION_REFUSED')
  t.true(error.message.includes(String(port)), error.message)
})

test('ftps/data-connection-refused', async (t) => {
  const closed = await closedPort()
  const port = await startScripted(t, async (peer) => {
    const control = await peer.loggedIn()
    await control.converse(['EPSV', `229 (|||${closed}|)`])
    await control.stream.read()
  })
  const client = await connect(t, port)
  const error = await rejection(t, client.list(), IoError)
  t.is(error.code, 'IO_CONNECTION_REFUSED')
})

test('ftps/wrong-host-name', async (t) => {
  const server = await startServer(t)
  const options = clientOptions(server.port, { tlsName: 'other.test' })
  const error = await rejection(t, FtpsClient.connect(options), TlsError)
  t.is(error.code, 'TLS_BAD_CERTIFICATE')
  t.regex(error.message, /other\.test/)
})

test('ftps/untrusted-authority', async (t) => {
  const server = await startServer(t)
  const tls = { database: TlsDatabase.fromPem(strangerPem) }
  const options = clientOptions(server.port, { tls })
  const error = await rejection(t, FtpsClient.connect(options), TlsError)
  t.is(error.code, 'TLS_BAD_CERTIFICATE')
  t.regex(error.message, /trust anchor/)
})

test('ftps/expired-certificate', async (t) => {
  const certificate = TlsCertificate.fromPem(expiredPem + expiredKeyPem)
  const server = await startServer(t, { certificate })
  const error = await rejection(t, FtpsClient.connect(clientOptions(server.port)), TlsError)
  t.is(error.code, 'TLS_BAD_CERTIFICATE')
  t.regex(error.message, /expired/)
})

test('ftps/plaintext-after-auth-tls-is-refused', async (t) => {
  const port = await startScripted(t, async (peer) => {
    await peer.say('220 Ready.\r\n')
    await peer.converse(['AUTH', '234 Go ahead.\r\n230 You are logged in.'])
    await peer.stream.read()
  })
  const error = await rejection(t, FtpsClient.connect(clientOptions(port)), Error)
  t.regex(error.message, /plaintext after the reply to AUTH TLS/)
})

test('ftps/command-with-a-line-end-is-refused', async (t) => {
  const server = await startServer(t)
  const client = await connect(t, server.port)
  await rejection(
    t,
    client.download('a\r\nDELE b', () => {}),
    TypeError,
  )
  t.is(await client.list(), '')
})

test('ftps/interruption', async (t) => {
  const server = await startServer(t)
  server.files.set('a', randomBytes(5_000_000))
  const controller = new AbortController()
  const client = await connect(t, server.port, { signal: controller.signal })
  const reason = new Error('Enough.')
  const download = client.download('a', () => controller.abort(reason))
  t.is(await rejection(t, download, Error), reason)
})

test('ftps/full-disk-here-is-the-error', async (t) => {
  const server = await startServer(t)
  server.files.set('a', randomBytes(5_000_000))
  const client = await connect(t, server.port)
  const full = new Error('The disk is full.')
  const download = client.download('a', async () => {
    throw full
  })
  t.is(await rejection(t, download, Error), full)
  t.true((await client.list()).includes('a'), 'the control connection is still of use')
})

test('ftps/source-that-fails-leaves-no-file', async (t) => {
  const server = await startServer(t)
  const client = await connect(t, server.port)
  const broken = new Error('The disk is broken.')
  async function* source(): AsyncGenerator<Uint8Array> {
    yield randomBytes(100_000)
    throw broken
  }
  t.is(await rejection(t, client.upload('a', source()), Error), broken)
  t.is(await client.list(), '')
})

/** What `promise` rejects with, in time and of the given class. */
async function rejection<E extends Error>(
  t: ExecutionContext,
  promise: Promise<unknown>,
  instanceOf: new (...given: never[]) => E,
): Promise<E> {
  return t.throwsAsync(within(promise, 'an error'), { instanceOf: instanceOf as never })
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(65536)
}
