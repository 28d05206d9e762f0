import type { IoOptions, IoStream, SocketAddress } from '@tlsio/core'
import {
  type ClientHello,
  HandshakeReader,
  HandshakeType,
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
}

/** Wraps a stream so that what goes through it is recorded; nothing is changed or delayed. */
export function tapStream(stream: IoStream): TappedStream {
  return new Tap(stream)
}

class Tap implements TappedStream {
  readonly sent = new Log()
  readonly received = new Log()
  writeClosed = false
  closed = false
  readonly #stream: IoStream

  constructor(stream: IoStream) {
    this.#stream = stream
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
    return this.#stream.closeWrite()
  }

  close(): Promise<void> {
    this.writeClosed = true
    this.closed = true
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.writeClosed = true
    this.closed = true
    this.#stream.abort(reason)
  }
}

class Log implements WireLog {
  bytes = 0
  readonly records = new Map<number, number>()
  lastRecord: { readonly type: number; readonly length: number } | undefined
  readonly clientHellos: ClientHello[] = []
  readonly serverHellos: ServerHello[] = []
  readonly #waiting: { readonly bytes: number; resolve(): void }[] = []
  readonly #records = new RecordReader()
  readonly #messages = new HandshakeReader()

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
    for (const message of this.#messages.push(record)) {
      if (message.type === HandshakeType.CLIENT_HELLO) {
        const hello = parseClientHello(message.body)
        if (hello.ok) this.clientHellos.push(hello.value)
      } else if (message.type === HandshakeType.SERVER_HELLO) {
        const hello = parseServerHello(message.body)
        if (hello.ok) this.serverHellos.push(hello.value)
      }
    }
  }
}

/** Level, description, inner content type and a tag of 16 bytes (RFC 8446 §5.2, §6). */
const encryptedAlertLength = 2 + 1 + 16
