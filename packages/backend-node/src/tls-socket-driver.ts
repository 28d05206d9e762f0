import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { type IoStream, TlsError, type TlsProtocolVersion } from '@tlsio/core'
import type { HandshakeParameters, HandshakeResult, TlsDriver } from '@tlsio/core/backend'
import {
  DuplexReader,
  DuplexWriter,
  isNodeBacked,
  lingerThenDestroy,
  takeDuplex,
} from '@tlsio/core/node/engine'
import { GuardedTransport } from './guarded-transport.js'
import { tlsErrorFrom } from './tls-errors.js'

/** What a driver tells of its peer. */
export type PeerFacts = Pick<
  HandshakeResult,
  'peerChain' | 'ocspStaple' | 'chainErrors' | 'chainProblem'
>

/** What both roles have in common once they have a `TLSSocket`. */
export abstract class TlsSocketDriver<P extends HandshakeParameters> implements TlsDriver<P> {
  readonly #stream: IoStream
  #open: { socket: TLSSocket; reader: DuplexReader; writer: DuplexWriter } | undefined
  #guard: GuardedTransport | undefined
  #abortedBy: { readonly reason: unknown } | undefined
  #rejectHandshake: ((error: unknown) => void) | undefined

  constructor(stream: IoStream) {
    this.#stream = stream
  }

  /** Starts TLS over a transport. */
  protected abstract createSocket(transport: Duplex, parameters: P): TLSSocket

  /** Name of the event that says the handshake is over. */
  protected abstract readonly doneEvent: 'secureConnect' | 'secure'

  /** What the engine knows of the peer. */
  protected abstract describePeer(socket: TLSSocket): PeerFacts

  async handshake(parameters: P): Promise<HandshakeResult> {
    if (this.#abortedBy !== undefined) throw this.#abortedBy.reason
    const socket = this.#start(parameters)
    let phase: 'handshake' | 'open' = 'handshake'
    const toError = (error: unknown): Error => tlsErrorFrom(error, phase)
    const reader = new DuplexReader(socket, toError)
    const writer = new DuplexWriter(socket, toError)
    this.#open = { socket, reader, writer }
    const { keyLog } = parameters
    if (keyLog !== undefined) {
      socket.on('keylog', (line: Buffer) => keyLog(line.toString('latin1').trimEnd()))
    }
    // Node keeps an error to itself until its own connect or server code has released the socket.
    socket.on('_tlsError', (error: Error) => {
      reader.finish(error)
      writer.fail(error)
    })
    await new Promise<void>((resolve, reject) => {
      this.#rejectHandshake = reject
      socket.once(this.doneEvent, () => {
        phase = 'open'
        this.#guard?.opened((error) => writer.fail(error))
        if (parameters.detectTruncation) this.#guard?.holdEnd(() => this.#onTransportEnd())
        resolve()
      })
      const fail = (error?: unknown) => {
        // Every connection ends some day: no error, with its stack trace, is made for nobody then.
        if (phase === 'handshake') reject(toError(error ?? socket.errored ?? PREMATURE_END))
      }
      socket.once('error', fail).once('_tlsError', fail)
      socket.once('end', () => fail()).once('close', () => fail())
      // Input is read even if nobody asks: it may be the stream's end, or later tickets and key
      // updates.
      reader.start()
    })
    return {
      protocolVersion: socket.getProtocol() as TlsProtocolVersion,
      cipherSuite: socket.getCipher().standardName,
      negotiatedProtocol: socket.alpnProtocol || null,
      isSessionResumed: socket.isSessionReused(),
      ...this.describePeer(socket),
    }
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#opened.reader.read()
    if (this.#guard?.hasHeldEnd) this.#onTransportEnd()
    return chunk
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#opened.writer.write(chunk)
  }

  get hasEnded(): boolean {
    return this.#open?.reader.hasEnded === true
  }

  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array {
    const { socket } = this.#opened
    // Without a context means something else than with an empty one, so it must not be passed as
    // `undefined`.
    return context === undefined
      ? (socket.exportKeyingMaterial as (length: number, label: string) => Buffer)(length, label)
      : socket.exportKeyingMaterial(length, label, Buffer.from(context))
  }

  finishedMessages(): { local: Uint8Array | undefined; peer: Uint8Array | undefined } {
    const { socket } = this.#opened
    return { local: socket.getFinished(), peer: socket.getPeerFinished() }
  }

  closeRead(): void {
    this.#opened.reader.discard()
  }

  closeWrite(): Promise<void> {
    return this.#opened.writer.end()
  }

  async close(): Promise<void> {
    const { socket, reader } = this.#opened
    reader.discard()
    if (this.#guard === undefined) {
      lingerThenDestroy(socket)
      return
    }
    try {
      await this.#guard.close()
    } finally {
      socket.destroy()
    }
  }

  abort(reason: unknown): void {
    this.#abortedBy ??= { reason }
    this.#rejectHandshake?.(reason)
    if (this.#open === undefined) {
      this.#stream.abort(reason)
      return
    }
    this.#open.socket.on('error', () => {}).destroy()
  }

  get #opened(): { socket: TLSSocket; reader: DuplexReader; writer: DuplexWriter } {
    if (this.#open === undefined) throw new TlsError('TLS_MISC', 'There was no TLS handshake.')
    return this.#open
  }

  #start(parameters: P): TLSSocket {
    const transport = this.#createTransport(parameters.detectTruncation)
    try {
      return this.createSocket(transport, parameters)
    } catch (cause) {
      // OpenSSL parses keys and anchors now: most often a key is not that of its certificate.
      const reason = cause instanceof Error ? cause.message : String(cause)
      const message = `OpenSSL cannot use the certificate, its key or the anchors: ${reason}`
      throw new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
    }
  }

  /** The very socket where that is possible, so that no byte goes through JavaScript twice. */
  #createTransport(detectTruncation: boolean): Duplex {
    const socket =
      !detectTruncation && isNodeBacked(this.#stream) ? this.#stream[takeDuplex]() : undefined
    if (socket !== undefined) return socket
    this.#guard = new GuardedTransport(this.#stream)
    return this.#guard
  }

  /**
   * The transport has ended. A `close_notify` before that shows within one turn of the event loop
   * once a reader takes everything there is; two are waited for, and then it was a truncation.
   */
  #onTransportEnd(): void {
    const { socket, reader } = this.#opened
    const settled = (): boolean => reader.isWaiting && this.#guard?.hasHeldEnd === true
    setImmediate(() => {
      if (!settled()) return
      setImmediate(() => {
        if (!settled() || socket.readableLength > 0) return
        reader.finish(new TlsError('TLS_EOF', 'The TLS stream ended without close_notify.'))
      })
    })
  }
}

const PREMATURE_END = Object.assign(new Error('The stream ended.'), {
  code: 'ERR_STREAM_PREMATURE_CLOSE',
})
