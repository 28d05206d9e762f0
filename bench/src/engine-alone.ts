// The engine of backend-gnutls on a bare socket, without core: what libgnutls and its binding leave room for.
// Nobody else is to use it like that, so it is no export of its package.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { TicketKeys, TlsCertificate, TlsDatabase, type TlsProtocolVersion } from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  HandshakeParameters,
  ServerHandshakeParameters,
  TlsEngine,
} from '@tlsio/core/backend'
import { ClientRole } from '../../packages/backend-gnutls/dist/client-role.js'
import { engineContext } from '../../packages/backend-gnutls/dist/engine-context.js'
import { openGnutls } from '../../packages/backend-gnutls/dist/gnutls.js'
import { ServerRole } from '../../packages/backend-gnutls/dist/server-role.js'
import { StreamEngine } from '../../packages/backend-gnutls/dist/stream-engine.js'
import { whenListening } from './both-ends.js'
import { requireAll } from './bulk.js'
import { authorityPem, SERVER_NAME, serverKeyPem, serverPem } from './certificates.js'
import type { Contender } from './comparison.js'
import { HANDSHAKES, manyConnections } from './handshakes.js'
import { encodeCount } from './protocol.js'

/** Resumed handshakes, both ends in this process, with the same session each time. */
export function engineHandshakes(maxVersion: TlsProtocolVersion): Contender {
  return whenListening(HANDSHAKES, async () => {
    const port = await serve(maxVersion)
    const session = await handshake(port, maxVersion, undefined)
    return {
      amount: HANDSHAKES,
      round: (stopwatch) =>
        stopwatch.time(() =>
          manyConnections('always', async () => {
            const { isResumed } = await handshake(port, maxVersion, session.data)
            return isResumed
          }),
        ),
    }
  })
}

/** Reads so many bytes of a `source`. */
export function engineReader(port: number, size: number): Contender {
  return {
    amount: size / 1e6,
    async round(stopwatch) {
      let count = 0
      const speaker = openClient(port, clientParameters('TLSv1.3', undefined))
      speaker.onPlaintext = (chunk) => {
        count += chunk.length
      }
      await speaker.untilComplete
      await stopwatch.time(async () => {
        speaker.step(() => speaker.engine.write(encodeCount(size)))
        await speaker.untilEnded
        requireAll(count, size)
      })
      speaker.end()
    },
  }
}

/** An engine and its socket: what comes is taken, what is made is sent, nothing waits for anything. */
class Speaker<P extends HandshakeParameters> {
  readonly engine: TlsEngine<P>
  readonly socket: Socket
  readonly untilComplete: Promise<void>
  readonly untilEnded: Promise<void>
  onPlaintext: (chunk: Uint8Array) => void = () => {}
  #completed = () => {}
  #ended = () => {}

  constructor(engine: TlsEngine<P>, socket: Socket) {
    this.engine = engine
    this.socket = socket
    this.untilComplete = new Promise((resolve) => {
      this.#completed = resolve
    })
    this.untilEnded = new Promise((resolve) => {
      this.#ended = resolve
    })
    socket.on('data', (chunk) => this.step(() => engine.receive(chunk)))
  }

  step(run: () => void | Promise<void>): void {
    const running = run()
    if (running === undefined) this.#pass()
    else void running.then(() => this.#pass())
  }

  /** Our `close_notify`, and the end of all. */
  end(): void {
    this.step(() => this.engine.closeNotify())
    this.socket.end()
    this.engine.release?.()
  }

  #pass(): void {
    const { engine, socket } = this
    for (let chunk = engine.takeCiphertext(); chunk; chunk = engine.takeCiphertext()) {
      socket.write(chunk)
    }
    for (let chunk = engine.takePlaintext(); chunk; chunk = engine.takePlaintext()) {
      this.onPlaintext(chunk)
    }
    if (engine.result !== undefined) this.#completed()
    if (engine.hasEnded) this.#ended()
  }
}

interface Finished {
  readonly isResumed: boolean
  /** What the server gave. */
  readonly data: Uint8Array | undefined
}

/** A connection that does nothing else, and ends in order. */
async function handshake(
  port: number,
  maxVersion: TlsProtocolVersion,
  session: Uint8Array | undefined,
): Promise<Finished> {
  let data: Uint8Array | undefined
  const take = (state: { readonly data: Uint8Array }) => {
    data = state.data
  }
  const speaker = openClient(port, clientParameters(maxVersion, session), take)
  await speaker.untilComplete
  const isResumed = speaker.engine.result?.isSessionResumed === true
  speaker.step(() => speaker.engine.closeNotify())
  await speaker.untilEnded
  speaker.socket.end()
  speaker.engine.release?.()
  return { isResumed, data }
}

function openClient(
  port: number,
  parameters: ClientHandshakeParameters,
  onSession: (state: { readonly data: Uint8Array }) => void = () => {},
): Speaker<ClientHandshakeParameters> {
  const context = engineContext(openGnutls())
  const role = new ClientRole(context, 'stream', { session: onSession })
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const speaker = new Speaker(new StreamEngine(context, role), socket)
  socket.once('connect', () => speaker.step(() => speaker.engine.start(parameters)))
  return speaker
}

async function serve(maxVersion: TlsProtocolVersion): Promise<number> {
  const context = engineContext(openGnutls())
  const parameters = serverParameters(maxVersion)
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    const speaker = new Speaker(
      new StreamEngine(context, new ServerRole(context, 'stream')),
      socket,
    )
    void speaker.untilEnded.then(() => speaker.end())
    speaker.step(async () => {
      await speaker.engine.start(parameters)
      socket.resume()
    })
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const anchors = TlsDatabase.anchorBytesOf(TlsDatabase.fromPem(authorityPem))

function common(maxVersion: TlsProtocolVersion) {
  return {
    advertisedProtocols: [],
    minVersion: 'TLSv1.2',
    maxVersion,
    detectTruncation: true,
    openToken: () => Promise.reject(new Error('There is no token.')),
    keyLog: undefined,
    settingsKey: '',
    anchors,
  } as const
}

function clientParameters(
  maxVersion: TlsProtocolVersion,
  session: Uint8Array | undefined,
): ClientHandshakeParameters {
  return {
    ...common(maxVersion),
    certificate: undefined,
    serverName: SERVER_NAME,
    requestOcspStaple: false,
    session,
    wantSessions: true,
    requestCertificate: () => Promise.resolve(undefined),
  }
}

function serverParameters(maxVersion: TlsProtocolVersion): ServerHandshakeParameters {
  return {
    ...common(maxVersion),
    certificate: TlsCertificate.fromPem(serverPem + serverKeyPem),
    ticketKeys: TicketKeys.generate(),
    sessions: undefined as never,
    authenticationMode: 'none',
  }
}
