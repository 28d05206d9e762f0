import { client as clientFixture } from '@tlsio/conformance/fixtures'
import { type DtlsClientConnection, type DtlsServerConnection, TlsCertificate } from '@tlsio/core'
import { connectUdp, listenDatagrams } from '@tlsio/core/node'
import type { ExecutionContext } from 'ava'
import { Child, type Command, type Scope } from './child.js'
import { serverIdentity } from './client.js'
import { gnutlsCliPrograms, gnutlsServPrograms } from './gnutls.js'
import { opensslPrograms } from './openssl.js'
import { scratchFolder } from './peer.js'
import { testsWith } from './programs.js'
import { certificate, database, type Subject } from './subject.js'
import { startUdpPeer } from './udp-peer.js'

/** Adds tests with the DTLS 1.2 of `openssl` and of GnuTLS's programs, in both roles, over UDP. */
export function defineDtlsTests(subject: Subject): void {
  defineServerPrograms(subject)
  defineClientPrograms(subject)
}

/** What a DTLS client of ours meets. */
function defineServerPrograms(subject: Subject): void {
  const withOpenssl = testsWith('openssl-s_server', opensslPrograms)

  for (const cookies of [true, false]) {
    withOpenssl(
      `DTLSv1.2/messages-both-ways/${cookies ? 'with' : 'without'}-cookies`,
      async (t) => {
        const options = cookies ? ['-listen'] : []
        const { port, child } = await startSServer(t, ...options)
        const connection = await connect(t, subject, port)
        await connection.send(text('from the client\n'))
        await child.said(/^from the client$/m)
        child.type('from the server\n')
        t.is(await received(connection), 'from the server\n')
        await connection.close()
      },
    )
  }

  withOpenssl('DTLSv1.2/flights-in-small-datagrams', async (t) => {
    const { port, child } = await startSServer(t, '-mtu', '300')
    const connection = await connect(t, subject, port, { maxDatagramSize: 300 })
    await connection.send(text('from the client\n'))
    await child.said(/^from the client$/m)
    await connection.close()
  })

  withOpenssl('DTLSv1.2/shows-a-client-certificate', async (t) => {
    const options = ['-Verify', '2', '-verify_return_error', '-CAfile', 'ca.pem']
    const { port, child } = await startSServer(t, ...options)
    const pem = clientFixture.certificate + clientFixture.privateKey
    const own = TlsCertificate.fromPem(pem)
    const connection = await connect(t, subject, port, { certificate: own })
    await connection.send(text('from the client\n'))
    await child.said(/^from the client$/m)
    t.regex(child.output, /^depth=0 /m)
    await connection.close()
  })

  testsWith('gnutls-serv', gnutlsServPrograms)('DTLSv1.2/messages-both-ways', async (t) => {
    const { port, child } = await startGnutlsServ(t)
    const connection = await connect(t, subject, port)
    for (const message of ['one\n', 'two\n']) {
      await connection.send(text(message))
      t.is(await received(connection), message)
    }
    t.regex(child.output, /Sending hello verify request/)
    await connection.close()
    await child.said(/^EOF$/m)
  })
}

/** What a DTLS server of ours meets. */
function defineClientPrograms(subject: Subject): void {
  const openssl = ['openssl', 's_client', '-dtls1_2'] as const
  const trust = ['-CAfile', 'ca.pem', '-verify_return_error', '-verify_hostname', 'localhost']
  const name = ['-servername', 'localhost', ...trust]
  const withOpenssl = testsWith('openssl-s_client', opensslPrograms)

  for (const mtu of [undefined, 300]) {
    const title = mtu === undefined ? 'messages-both-ways' : 'flights-in-small-datagrams'
    withOpenssl(`DTLSv1.2/${title}`, async (t) => {
      const served = await serve(t, subject, { maxDatagramSize: mtu })
      const small = mtu === undefined ? [] : ['-mtu', `${mtu}`]
      const there = ['-connect', `127.0.0.1:${served.port}`]
      await visit(t, served, [...openssl, ...there, ...name, ...small], /Verification: OK/)
    })
  }

  testsWith('gnutls-cli', gnutlsCliPrograms)('DTLSv1.2/messages-both-ways', async (t) => {
    const served = await serve(t, subject)
    const known = ['--sni-hostname', 'localhost', '--verify-hostname', 'localhost']
    const there = ['--x509cafile', 'ca.pem', '--port', `${served.port}`, '127.0.0.1']
    const command = ['gnutls-cli', '--udp', ...known, ...there] as const
    await visit(t, served, command, /Description: \(DTLS1\.2-/)
  })
}

/** A client program says something, gets it back, and takes its leave. */
async function visit(
  t: ExecutionContext,
  { facts }: OurDtlsServer,
  command: Command,
  claim: RegExp,
): Promise<void> {
  const child = new Child(t, command, { cwd: await scratchFolder(t) })
  await child.said(/Session-ID:|Simple Client Mode/)
  child.type('from the client\n')
  await child.said(/^back: from the client$/m)
  await child.finish()
  t.regex(child.output, claim)
  t.deepEqual(await facts, { version: 'DTLSv1.2', serverName: 'localhost', end: null })
}

interface OurDtlsServer {
  readonly port: number
  /** Of the one connection that is served, when it has ended. */
  readonly facts: Promise<unknown>
}

/** Our server: what it receives it sends back, with a word before it. */
async function serve(
  scope: Scope,
  subject: Subject,
  options: { readonly maxDatagramSize?: number | undefined } = {},
): Promise<OurDtlsServer> {
  const backend = subject.createBackend()
  let done: (facts: unknown) => void = () => {}
  const facts = new Promise((resolve) => {
    done = resolve
  })
  const end = new AbortController()
  const { dtlsCookies: cookies } = backend
  const listener = await listenDatagrams({ port: 0, cookies, onError: done }, async (socket) => {
    const connection = backend.createDtlsServerConnection(socket, { certificate, ...options })
    end.signal.addEventListener('abort', () => connection.abort())
    await connection.handshake()
    const { protocolVersion: version, serverName } = connection
    const last = await echo(connection)
    await connection.close()
    done({ version, serverName, end: last })
  })
  scope.teardown(async () => {
    end.abort()
    await listener.close()
  })
  return { port: listener.port, facts }
}

async function echo(connection: DtlsServerConnection): Promise<null> {
  for (;;) {
    const message = await connection.receive()
    if (message === null) return null
    await connection.send(text(`back: ${Buffer.from(message).toString()}`))
  }
}

function startSServer(scope: Scope, ...options: string[]) {
  const files = ['-cert', 'server.pem', '-key', 'server.key']
  return startUdpPeer(
    scope,
    ({ port }) => {
      const there = ['-dtls1_2', '-accept', `127.0.0.1:${port}`]
      return [opensslPrograms.openssl as string, 's_server', ...there, ...files, ...options]
    },
    /^ACCEPT$/m,
  )
}

function startGnutlsServ(scope: Scope) {
  const { stdbuf, 'gnutls-serv': serv } = gnutlsServPrograms
  const files = ['--x509certfile', 'server.pem', '--x509keyfile', 'server.key']
  return startUdpPeer(
    scope,
    ({ port }) => {
      const mode = ['--udp', '--echo', '--disable-client-cert', '--port', `${port}`]
      return [stdbuf as string, '-o0', serv as string, ...mode, ...files]
    },
    /^Waiting for connection/m,
  )
}

async function connect(
  t: ExecutionContext,
  subject: Subject,
  port: number,
  options: Parameters<ReturnType<Subject['createBackend']>['createDtlsClientConnection']>[1] = {},
): Promise<DtlsClientConnection> {
  const socket = await connectUdp({ host: '127.0.0.1', port })
  const connection = subject
    .createBackend()
    .createDtlsClientConnection(socket, { database, serverIdentity, ...options })
  t.teardown(async () => {
    connection.abort()
    await socket.close()
  })
  await connection.handshake()
  t.is(connection.protocolVersion, 'DTLSv1.2')
  return connection
}

async function received(connection: DtlsClientConnection): Promise<string> {
  const message = await connection.receive()
  return message === null ? 'the end' : Buffer.from(message).toString()
}

function text(words: string): Uint8Array {
  return Buffer.from(words)
}
