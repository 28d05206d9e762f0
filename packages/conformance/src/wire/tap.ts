import type { IoOptions, IoStream, SocketAddress } from '@tlsio/core'
import {
  type ClientHello,
  type HandshakeMessage,
  HandshakeReader,
  HandshakeType,
  type ParseResult,
  parseClientHello,
  parseServerHello,
  RecordReader,
  RecordType,
  type ServerHello,
  type TlsRecord,
} from '@tlsio/core/wire'

/** What one direction of a tapped stream has shown so far. */
export interface WireLog {
  /** How many bytes. */
  readonly bytes: number
  /** How many records of each type, by its number (RFC 8446 §5.1). */
  readonly records: ReadonlyMap<number, number>
  /** The last complete record. */
  readonly lastRecord:
    | {
        /** Number of its type (RFC 8446 §5.1). */
        readonly type: number
        /** Length of its fragment, in bytes. */
        readonly length: number
      }
    | undefined
  /**
   * Whether the last record is an alert, as `close_notify` is: by its type, or in TLS 1.3, where
   * the type is encrypted too, by its length (two bytes of data look alike).
   */
  readonly endsWithAlert: boolean
  /** Why it is no TLS; `undefined` while it is. */
  readonly problem: string | undefined
  /** Types of the handshake messages in the clear, in their order (RFC 5246 §7.4). */
  readonly handshakeTypes: readonly number[]
  /** The ClientHellos, all in the clear: a second one answers a HelloRetryRequest. */
  readonly clientHellos: readonly ClientHello[]
  /** The ServerHellos, HelloRetryRequests included. */
  readonly serverHellos: readonly ServerHello[]
  /**
   * Resolves as soon as {@link WireLog.bytes} is at least `bytes`: an engine may send later than it
   * says.
   */
  reached(bytes: number): Promise<void>
}

/** A stream that remembers what went through it. */
export interface TappedStream extends IoStream {
  /** What was written to the stream. */
  readonly sent: WireLog
  /** What was read from it. */
  readonly received: WireLog
  /** Whether our direction was ended, or both. */
  readonly writeClosed: boolean
  /** Whether `close` or `abort` was called. */
  readonly closed: boolean
  /** Whether `abort` was called. */
  readonly aborted: boolean
}

/** Is told at once what a tap sees; it must not throw. */
export interface TapObserver {
  /** A record was written to the stream. */
  sent(record: ObservedRecord): void
  /** A record was read from it. */
  received(record: ObservedRecord): void
  /** Our direction was ended, or both; or the stream was given up. */
  ended(how: StreamEnd): void
}

/** A record, and what is in it in the clear. */
export interface ObservedRecord {
  readonly record: TlsRecord
  /** The handshake messages that are complete with it. */
  readonly messages: readonly HandshakeMessage[]
  readonly clientHello: ClientHello | undefined
  readonly serverHello: ServerHello | undefined
}

/** How an end of a stream stops: `closeWrite`, `close` or `abort`. */
export type StreamEnd = 'close-write' | 'close' | 'abort'

/** Wraps a stream so that what goes through it is recorded; nothing is changed or delayed. */
export function tapStream(stream: IoStream): TappedStream {
  return new Tap(stream)
}

/** A tap that also passes on what it sees. */
export function observedTap(stream: IoStream, observer: TapObserver): TappedStream {
  return new Tap(stream, observer)
}

class Tap implements TappedStream {
  readonly sent: Log
  readonly received: Log
  writeClosed = false
  closed = false
  aborted = false
  readonly #stream: IoStream
  readonly #observer: TapObserver | undefined

  constructor(stream: IoStream, observer?: TapObserver) {
    this.#stream = stream
    this.#observer = observer
    this.sent = new Log(observer && ((record) => observer.sent(record)))
    this.received = new Log(observer && ((record) => observer.received(record)))
  }

  get remoteAddress(): SocketAddress | undefined {
    return this.#stream.remoteAddress
  }

  async read(options?: IoOptions): Promise<Uint8Array | null> {
    const chunk = await this.#stream.read(options)
    if (chunk !== null) this.received.push(chunk)
    return chunk
  }

  write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    const written = this.#stream.write(chunk, options)
    this.sent.push(chunk)
    return written
  }

  closeWrite(): Promise<void> {
    this.writeClosed = true
    this.#observer?.ended('close-write')
    return this.#stream.closeWrite()
  }

  close(): Promise<void> {
    this.writeClosed = true
    this.closed = true
    this.#observer?.ended('close')
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.writeClosed = true
    this.closed = true
    this.aborted = true
    this.#observer?.ended('abort')
    this.#stream.abort(reason)
  }
}

class Log implements WireLog {
  bytes = 0
  readonly records = new Map<number, number>()
  lastRecord: { readonly type: number; readonly length: number } | undefined
  readonly handshakeTypes: number[] = []
  readonly clientHellos: ClientHello[] = []
  readonly serverHellos: ServerHello[] = []
  readonly #waiting: { readonly bytes: number; resolve(): void }[] = []
  readonly #records = new RecordReader()
  readonly #messages = new HandshakeReader()
  readonly #observe: ((record: ObservedRecord) => void) | undefined

  constructor(observe?: (record: ObservedRecord) => void) {
    this.#observe = observe
  }

  get problem(): string | undefined {
    return this.#records.problem
  }

  get endsWithAlert(): boolean {
    const { type, length } = this.lastRecord ?? {}
    return (
      type === RecordType.ALERT ||
      (type === RecordType.APPLICATION_DATA && length === encryptedAlertLength)
    )
  }

  reached(bytes: number): Promise<void> {
    if (this.bytes >= bytes) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ bytes, resolve }))
  }

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length
    for (const { bytes, resolve } of this.#waiting) if (this.bytes >= bytes) resolve()
    for (const record of this.#records.push(chunk)) this.#add(record)
  }

  #add(record: TlsRecord): void {
    const { type, fragment } = record
    this.records.set(type, (this.records.get(type) ?? 0) + 1)
    this.lastRecord = { type, length: fragment.length }
    const messages = this.#messages.push(record)
    for (const message of messages) this.handshakeTypes.push(message.type)
    const clientHello = find(messages, HandshakeType.CLIENT_HELLO, parseClientHello)
    const serverHello = find(messages, HandshakeType.SERVER_HELLO, parseServerHello)
    if (clientHello !== undefined) this.clientHellos.push(clientHello)
    if (serverHello !== undefined) this.serverHellos.push(serverHello)
    this.#observe?.({ record, messages, clientHello, serverHello })
  }
}

/** One direction never has two hellos in one record. */
function find<T>(
  messages: readonly HandshakeMessage[],
  type: number,
  parse: (body: Uint8Array) => ParseResult<T>,
): T | undefined {
  const message = messages.find((one) => one.type === type)
  const parsed = message && parse(message.body)
  return parsed?.ok ? parsed.value : undefined
}

/** Level, description, inner content type and a tag of 16 bytes (RFC 8446 §5.2, §6). */
const encryptedAlertLength = 2 + 1 + 16
