import {
  type BackendContext,
  type ClientConnectionOptions,
  type IoStream,
  memoryStreamPair,
  type ServerConnectionOptions,
  type TlsBackend,
  type TlsClientConnection,
  type TlsConnection,
  type TlsProtocolVersion,
  type TlsServerConnection,
  type TlsSession,
  type TlsSessionEvent,
} from '@tlsio/core'
import { offeredSessions } from '@tlsio/core/wire'
import { ConformanceFailure } from './assertions.js'
import { bytesOf, readExactly } from './bytes.js'
import { deadline } from './deadline.js'
import { type FaultyStream, faultyStream, type StreamFaults } from './faulty-stream.js'
import { type CertificateFixture, forA } from './fixtures/fixtures.js'
import { certificateOf, testDatabase } from './fixtures/load.js'
import type { CreateBackend, Transport } from './options.js'
import { observedTap, type TappedStream } from './wire/tap.js'
import type { WireTrace } from './wire/trace.js'
import { TraceRecorder } from './wire/trace-recorder.js'

/** What a case may replace of a pair's defaults. */
export interface PairOptions {
  /**
   * Options of the client. By default it expects `a.test`, port 990, and speaks the case's version
   * only; its backend trusts the test authority. It detects truncation if it can.
   */
  readonly client?: ClientConnectionOptions | undefined
  /** Options of the server. By default it speaks the case's version only. */
  readonly server?: ServerConnectionOptions | undefined
  /** The server's certificate. Default: one for `a.test`. */
  readonly certificate?: CertificateFixture | undefined
  /** Backend of the client. Default: the case's own. */
  readonly clientBackend?: TlsBackend | undefined
  /** Backend of the server. Default: the case's peer. */
  readonly serverBackend?: TlsBackend | undefined
  /** What they speak over. Default: the case's transport. */
  readonly transport?: Transport | undefined
  /** What goes wrong between the client and the wire. */
  readonly clientFaults?: StreamFaults | undefined
  /** What goes wrong between the server and the wire. */
  readonly serverFaults?: StreamFaults | undefined
  /** Neither tap nor faults, so that an engine gets the very stream. Default `false`. */
  readonly bare?: boolean | undefined
}

/** Two ends of one stream, tapped; no TLS yet. */
export interface StreamPair {
  /** What the client end is to speak over; its faults can be switched on. */
  readonly client: FaultyStream
  /** What the server end is to speak over. */
  readonly server: FaultyStream
  /** What the client end has on the wire. */
  readonly clientWire: TappedStream
  /** What the server end has on the wire. */
  readonly serverWire: TappedStream
}

/** A client and a server of one connection. */
export interface Pair {
  /** The client end. */
  readonly client: TlsClientConnection
  /** The server end. */
  readonly server: TlsServerConnection
  /** The streams below; not to be used for a bare pair. */
  readonly streams: StreamPair
  /** Sessions the client has received so far. */
  readonly sessions: readonly TlsSession[]
  /** The sessions that the client offered on the wire to resume, as hexadecimal text. */
  offered(): readonly string[]
  /** Runs the handshake on both ends; rejects if either fails. */
  handshake(): Promise<void>
  /**
   * Runs a handshake that must fail and tells how each end met its end: with an error, or
   * `undefined`. If the client succeeds in spite of that, the connection is dropped.
   */
  attempt(): Promise<{ readonly client: unknown; readonly server: unknown }>
  /** Sends a byte each way, so that everything the server sent before has been processed. */
  settle(): Promise<void>
  /** Closes both ends. */
  close(): Promise<void>
}

/** What a case works with. Everything it makes is cleaned up after it, however it ends. */
export class CaseContext {
  /** The version that the case is about. */
  readonly version: TlsProtocolVersion
  readonly #createBackend: CreateBackend
  readonly #createPeer: CreateBackend
  readonly #transport: Transport
  readonly #cleanups: (() => void)[] = []
  readonly #started = performance.now()
  /** The last stream pairs; a case that makes many fails in one of the last. */
  readonly #traced: (() => WireTrace)[] = []
  #streamPairs = 0
  #client: TlsBackend | undefined
  #server: TlsBackend | undefined

  constructor(
    version: TlsProtocolVersion,
    createBackend: CreateBackend,
    createPeer: CreateBackend,
    transport: Transport = memory,
  ) {
    this.version = version
    this.#createBackend = createBackend
    this.#createPeer = createPeer
    this.#transport = transport
  }

  /** The backend of the case's clients; it trusts the test authority. */
  get client(): TlsBackend {
    this.#client ??= this.createBackend()
    return this.#client
  }

  /** The backend of the case's servers. */
  get server(): TlsBackend {
    this.#server ??= this.#createPeer({ explain: () => [] })
    return this.#server
  }

  /** Makes another backend like {@link CaseContext.client} that shares nothing with it. */
  createBackend(context: Partial<BackendContext> = {}): TlsBackend {
    return this.#createBackend({ defaultDatabase: testDatabase(), explain: () => [], ...context })
  }

  /** Makes two ends of a stream. */
  async streams(
    clientFaults?: StreamFaults,
    serverFaults?: StreamFaults,
    transport?: Transport,
  ): Promise<StreamPair> {
    const [near, far] = await this.#ends(transport)
    const recorder = new TraceRecorder(++this.#streamPairs, () => performance.now() - this.#started)
    const clientWire = observedTap(near, recorder.observer('client'))
    const serverWire = observedTap(far, recorder.observer('server'))
    this.#traced.push(() => recorder.trace(clientWire, serverWire))
    if (this.#traced.length > mostTraced) this.#traced.shift()
    return {
      client: faultyStream(clientWire, clientFaults),
      server: faultyStream(serverWire, serverFaults),
      clientWire,
      serverWire,
    }
  }

  /** Makes a client and a server connected to each other; nothing is sent yet. */
  async pair(options: PairOptions = {}): Promise<Pair> {
    const streams = options.bare
      ? await this.#bareStreams(options.transport)
      : await this.streams(options.clientFaults, options.serverFaults, options.transport)
    const client = this.clientOn(streams.client, options)
    const server = this.serverOn(streams.server, options)
    return new ConnectionPair(client, server, streams)
  }

  /** Makes a pair whose handshake is done and whose tickets have arrived. */
  async connect(options: PairOptions = {}): Promise<Pair> {
    const pair = await this.pair(options)
    await pair.handshake()
    await pair.settle()
    return pair
  }

  /** Makes a client over a stream, with the defaults of {@link PairOptions.client}. */
  clientOn(stream: IoStream, options: PairOptions = {}): TlsClientConnection {
    const backend = options.clientBackend ?? this.client
    const connection = backend.createClientConnection(stream, {
      serverIdentity: { hostname: 'a.test', port: 990 },
      minVersion: this.version,
      maxVersion: this.version,
      requireCloseNotify: detectsTruncation(backend),
      ...options.client,
    })
    return this.#tidy(connection)
  }

  /** Makes a server over a stream, with the defaults of {@link PairOptions.server}. */
  serverOn(stream: IoStream, options: PairOptions = {}): TlsServerConnection {
    const backend = options.serverBackend ?? this.server
    const connection = backend.createServerConnection(stream, {
      certificate: certificateOf(options.certificate ?? forA),
      minVersion: this.version,
      maxVersion: this.version,
      requireCloseNotify: detectsTruncation(backend),
      ...options.server,
    })
    return this.#tidy(connection)
  }

  /** What has gone over the last of its stream pairs; nothing of bare ones. */
  traces(): readonly WireTrace[] {
    return this.#traced.map((trace) => trace())
  }

  /** Has `undo` called when the case is over, however it ends. */
  onCleanUp(undo: () => void): void {
    this.#cleanups.push(undo)
  }

  /** Undoes all that is left. */
  cleanUp(): void {
    for (const cleanup of this.#cleanups.splice(0).reverse()) cleanup()
  }

  async #ends(transport = this.#transport): Promise<readonly [IoStream, IoStream]> {
    const ends = await transport.createPair()
    for (const end of ends) this.#cleanups.push(() => end.abort(finished))
    return ends
  }

  async #bareStreams(transport?: Transport): Promise<StreamPair> {
    const [client, server] = await this.#ends(transport)
    const none = (): never => {
      throw new ConformanceFailure('A bare pair has no tap.')
    }
    return {
      client: client as FaultyStream,
      server: server as FaultyStream,
      get clientWire() {
        return none()
      },
      get serverWire() {
        return none()
      },
    }
  }

  #tidy<T extends TlsConnection>(connection: T): T {
    this.#cleanups.push(() => connection.abort(finished))
    return connection
  }
}

class ConnectionPair implements Pair {
  readonly client: TlsClientConnection
  readonly server: TlsServerConnection
  readonly streams: StreamPair
  readonly sessions: TlsSession[] = []

  constructor(client: TlsClientConnection, server: TlsServerConnection, streams: StreamPair) {
    this.client = client
    this.server = server
    this.streams = streams
    client.addEventListener('session', (event) => {
      this.sessions.push((event as TlsSessionEvent).session)
    })
  }

  offered(): readonly string[] {
    return this.streams.clientWire.sent.clientHellos.slice(0, 1).flatMap(offeredSessions)
  }

  async handshake(): Promise<void> {
    const both = Promise.all([this.client.handshake(), this.server.handshake()])
    await deadline(both, 'The handshake')
  }

  async attempt(): Promise<{ readonly client: unknown; readonly server: unknown }> {
    const [client, server] = await deadline(
      Promise.all([
        outcome(this.client.handshake().then(() => this.client.abort(unexpected))),
        outcome(this.server.handshake().then(() => this.server.read())),
      ]),
      'The end of a handshake that fails',
    )
    return { client, server }
  }

  async settle(): Promise<void> {
    const byte = bytesOf('.')
    await deadline(
      Promise.all([
        this.server.write(byte),
        readExactly(this.client, 1),
        this.client.write(byte),
        readExactly(this.server, 1),
      ]),
      'A byte each way',
    )
  }

  async close(): Promise<void> {
    await deadline(Promise.all([this.client.close(), this.server.close()]), 'Closing both ends')
  }
}

/** On by default, which a backend without it refuses, handshake and all. */
function detectsTruncation({ supports }: TlsBackend): boolean {
  return supports.truncationDetection !== 'never'
}

/** Memory: no copy, no network. */
const memory: Transport = {
  name: 'memory',
  createPair: async () => memoryStreamPair(),
}

const mostTraced = 8
const finished = new Error('The conformance case is over.')
const unexpected = new Error('The handshake succeeded.')

/** The error that an operation ends with, `undefined` if it succeeds. */
async function outcome(operation: Promise<unknown>): Promise<unknown> {
  try {
    await operation
    return undefined
  } catch (error) {
    return error
  }
}
