// A server that follows a script to the letter, for what no proper server does.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { IoStream, TicketKeys, TlsCertificate, TlsServerConnection } from '@tlsio/core'
import { fromDuplex } from '@tlsio/core/node'
import type { ExecutionContext } from 'ava'
import { LineReader } from '#src/ftps/line-reader.js'
import { createBackend, localhostCertificate } from './harness.js'

/** One connection to a {@link startScripted} server. */
export class ScriptedPeer {
  readonly stream: IoStream
  readonly #lines: LineReader

  constructor(stream: IoStream) {
    this.stream = stream
    this.#lines = new LineReader(stream)
  }

  /** Sends text as it is. */
  async say(text: string): Promise<void> {
    await this.stream.write(new TextEncoder().encode(text))
  }

  /** Reads a command and checks its verb; gives the whole line. */
  async hear(verb: string): Promise<string> {
    const line = await this.#lines.next()
    if (line?.split(' ')[0] !== verb) throw new Error(`Expected ${verb}, not ${line}.`)
    return line
  }

  /** Takes each command with its answer. */
  async converse(...turns: readonly (readonly [verb: string, answer: string])[]): Promise<void> {
    for (const [verb, answer] of turns) {
      await this.hear(verb)
      await this.say(`${answer}\r\n`)
    }
  }

  /** Greets, agrees to TLS, and does the handshake. */
  async secured(
    ticketKeys?: TicketKeys,
    certificate = localhostCertificate,
  ): Promise<ScriptedPeer> {
    await this.say('220 Ready.\r\n')
    await this.converse(['AUTH', '234 Go ahead.'])
    return new ScriptedPeer(await this.startTls(ticketKeys, certificate))
  }

  /** As {@link ScriptedPeer.secured}, and the login, up to the first transfer. */
  async loggedIn(ticketKeys?: TicketKeys): Promise<ScriptedPeer> {
    const peer = await this.secured(ticketKeys)
    await peer.converse(['USER', '230 In.'], ['PBSZ', '200 OK.'], ['PROT', '200 OK.'])
    await peer.converse(['TYPE', '200 OK.'])
    return peer
  }

  /** Does the server's part of a TLS handshake. */
  async startTls(
    ticketKeys?: TicketKeys,
    certificate: TlsCertificate = localhostCertificate,
  ): Promise<TlsServerConnection> {
    const tls = createBackend().createServerConnection(this.stream, { certificate, ticketKeys })
    await tls.handshake()
    return tls
  }
}

/**
 * Runs `script` on each connection to a free port of 127.0.0.1, until the test ends; gives the
 * port.
 */
export async function startScripted(
  t: ExecutionContext,
  script: (peer: ScriptedPeer) => Promise<void>,
): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    t.teardown(() => socket.destroy())
    // The client goes as it likes; what counts is what it reports.
    script(new ScriptedPeer(fromDuplex(socket))).catch(() => {})
  })
  return listen(t, server)
}

/** A port for one data connection: its number, and the connection. */
export async function openDataPort(
  t: ExecutionContext,
): Promise<{ port: number; peer: Promise<ScriptedPeer> }> {
  const server = createServer({ allowHalfOpen: true })
  const peer = once(server, 'connection').then(([socket]) => {
    t.teardown(() => socket.destroy())
    return new ScriptedPeer(fromDuplex(socket))
  })
  return { port: await listen(t, server), peer }
}

/** A port of 127.0.0.1 where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listen(t: ExecutionContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}
