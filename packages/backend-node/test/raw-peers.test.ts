import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { createNodeBackend } from '@tlsio/backend-node'
import { TicketKeys } from '@tlsio/core'
import { connectTcp, fromDuplex } from '@tlsio/core/node'
import test from 'ava'
import { certificate, database, rawTlsServer, serverIdentity, tcpServer } from './support.js'

const versions = ['TLSv1.2', 'TLSv1.3'] as const

for (const maxVersion of versions) {
  test(`raw-peers/${maxVersion}/server-sees-automatic-resumption`, async (t) => {
    const { port, resumed } = await rawTlsServer(t, (socket) => {
      socket.write('hello')
      // Node 20 sends no close_notify if it ends right after a full handshake of TLS 1.3.
      socket.once('data', () => socket.end())
    })
    const backend = createNodeBackend()
    for (let i = 0; i < 3; i++) {
      const stream = await connectTcp({ host: '127.0.0.1', port })
      const connection = backend.createClientConnection(stream, {
        database,
        serverIdentity,
        maxVersion,
      })
      t.is(Buffer.from((await connection.read()) ?? []).toString(), 'hello')
      await connection.write(Buffer.from('bye'))
      t.is(await connection.read(), null)
      t.is(connection.isSessionResumed, resumed.at(-1))
      t.is(connection.peerCertificate?.subjectName, certificate.subjectName)
      await connection.close()
    }
    // A Node server gives two tickets on a full handshake and none on a resumed one.
    t.deepEqual(resumed, [false, true, true])
  })

  test(`raw-peers/${maxVersion}/ten-copies-from-two-tickets`, async (t) => {
    const { port, resumed } = await rawTlsServer(t, (socket) => socket.write('hello'))
    const backend = createNodeBackend()
    const open = async () => {
      const stream = await connectTcp({ host: '127.0.0.1', port })
      return backend.createClientConnection(stream, { database, serverIdentity, maxVersion })
    }
    const control = await open()
    await control.read()
    for (let i = 0; i < 10; i++) {
      const data = await open()
      data.copySessionState(control)
      await data.read()
      await data.close()
    }
    await control.close()
    t.deepEqual(resumed, [false, ...Array(10).fill(true)])
  })

  test(`raw-peers/${maxVersion}/tickets-are-good-where-their-keys-are`, async (t) => {
    const backend = createNodeBackend()
    const shared = TicketKeys.generate()
    const keys = [shared, shared, TicketKeys.generate()]
    const seen: (boolean | undefined)[] = []
    const port = await tcpServer(t, async (socket) => {
      const ticketKeys = keys[seen.length] as TicketKeys
      const connection = backend.createServerConnection(fromDuplex(socket), {
        certificate,
        ticketKeys,
      })
      await connection.write(Buffer.from('hello'))
      seen.push(connection.isSessionResumed)
      await connection.close()
    })
    let session: Buffer | undefined
    for (let i = 0; i < 3; i++) {
      const socket: TLSSocket = connect({
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        servername: 'a.test',
        maxVersion,
        ...(session === undefined ? {} : { session }),
      })
      socket.on('session', (next: Buffer) => {
        session ??= next
      })
      socket.resume()
      await once(socket, 'close')
    }
    t.deepEqual(seen, [false, true, false])
  })
}

for (const requireCloseNotify of [true, false]) {
  test(`raw-peers/server-that-closes-at-once-sends-close-notify/${requireCloseNotify}`, async (t) => {
    const backend = createNodeBackend()
    const port = await tcpServer(t, async (socket) => {
      const stream = fromDuplex(socket)
      const connection = backend.createServerConnection(stream, { certificate, requireCloseNotify })
      await connection.write(Buffer.from('hello'))
      await connection.close()
    })
    const stream = await connectTcp({ host: '127.0.0.1', port })
    const connection = backend.createClientConnection(stream, { database, serverIdentity })
    t.is(Buffer.from((await connection.read()) ?? []).toString(), 'hello')
    t.is(await connection.read(), null)
    await connection.close()
  })
}

test('raw-peers/upload-while-tickets-arrive-loses-nothing', async (t) => {
  // curl/curl#6149: tickets that nobody read made the kernel answer with a reset.
  let received = 0
  const ended = new Promise<void>((resolve, reject) => {
    void rawTlsServer(t, (socket) => {
      socket.on('data', (data) => {
        received += data.length
      })
      socket.on('end', () => {
        socket.end()
        resolve()
      })
      socket.on('error', reject)
    }).then(async ({ port }) => {
      const stream = await connectTcp({ host: '127.0.0.1', port })
      const backend = createNodeBackend()
      const connection = backend.createClientConnection(stream, { database, serverIdentity })
      for (let i = 0; i < 64; i++) await connection.write(Buffer.alloc(16_384))
      await connection.close()
    })
  })
  await ended
  t.is(received, 1_048_576)
})

for (const requireCloseNotify of [true, false]) {
  test(`raw-peers/bytes-${requireCloseNotify ? 'go' : 'do-not-go'}-through-javascript`, async (t) => {
    const { port } = await rawTlsServer(t, (socket) => socket.pipe(socket))
    const socket = connectSocket({ port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    let writes = 0
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    socket.write = ((...args: unknown[]) => {
      writes++
      return write(...args)
    }) as typeof socket.write
    const connection = createNodeBackend().createClientConnection(fromDuplex(socket), {
      database,
      serverIdentity,
      requireCloseNotify,
    })
    await connection.write(Buffer.from('ping'))
    t.is(Buffer.from((await connection.read()) ?? []).toString(), 'ping')
    t.is(writes > 0, requireCloseNotify)
    await connection.close()
  })
}

for (const [requireCloseNotify, expected] of [
  [true, 'TLS_EOF'],
  [false, null],
] as const) {
  test(`raw-peers/truncation/require-close-notify-${requireCloseNotify}`, async (t) => {
    const { port } = await rawTlsServer(t, (socket) => socket.write('half'))
    // A relay that ends the TCP stream without close_notify, as an attacker on the path can.
    const relays: Socket[] = []
    const relay = await tcpServer(t, (socket) => {
      relays.push(socket)
      const upstream = connectSocket({ port, host: '127.0.0.1' })
      upstream.on('error', () => {})
      upstream.on('data', (data: Buffer) => socket.write(data))
      socket.on('data', (data: Buffer) => upstream.write(data))
      socket.on('close', () => upstream.destroy())
    })
    const stream = await connectTcp({ host: '127.0.0.1', port: relay })
    const connection = createNodeBackend().createClientConnection(stream, {
      database,
      serverIdentity,
      requireCloseNotify,
    })
    t.is(Buffer.from((await connection.read()) ?? []).toString(), 'half')
    const end = connection.read().catch((error: { code: string }) => error.code)
    relays[0]?.end()
    t.is(await end, expected)
    await connection.close()
  })
}
