import { concat, RecordReader, RecordType, type TlsRecord } from '@tlsio/core/wire'
import { type Awaitable, whenReady } from './awaitable.js'
import type { CipherProvider } from './ciphers/cipher-provider.js'
import { Alert, FatalAlert } from './fatal-alert.js'
import {
  type DirectionKeys,
  MAX_FRAGMENT,
  RecordOpener,
  RecordSealer,
} from './record-protection.js'

/** A record of the peer, opened. */
export interface OpenedRecord {
  readonly type: number
  readonly fragment: Uint8Array
}

/**
 * The record protocol (RFC 4346 §6.2): cuts what comes into records and opens them, protects what is
 * sent. Plain until each direction is told to change. With ciphers that answer later, it keeps the
 * order in both directions.
 *
 * forge has a record layer of its own. It takes records of any length, keeps bytes as text, which is
 * where most of its time goes, and takes what follows the end for a new connection.
 */
export class RecordLayer {
  readonly #ciphers: CipherProvider
  readonly #reader = new RecordReader()
  readonly #outgoing: Uint8Array[] = []
  #opener: RecordOpener | undefined
  #sealer: RecordSealer | undefined
  #minor: number | undefined
  #sending: Promise<void> | undefined

  constructor(ciphers: CipherProvider) {
    this.#ciphers = ciphers
  }

  /**
   * Takes what came, gives each record as it is opened: who takes one may change the keys before the
   * next. Those that have to be waited for are opened beside each other: their keys stay.
   *
   * @throws {@link FatalAlert} if it is no record, or a damaged one.
   */
  *receive(chunk: Uint8Array): Generator<Awaitable<OpenedRecord>, void, void> {
    const records = this.#reader.push(chunk)
    for (const [at, record] of records.entries()) {
      const opened = this.#open(record)
      if (opened instanceof Promise) {
        yield* [opened, ...this.#openAll(records.slice(at + 1))]
        break
      }
      yield opened
    }
    const { problem } = this.#reader
    if (problem !== undefined) {
      const message = `What the peer sent is no TLS (${problem}).`
      throw new FatalAlert(Alert.UNEXPECTED_MESSAGE, message, 'TLS_NOT_TLS')
    }
  }

  /** The version was agreed; before, the oldest stands in front of ours: every peer takes it. */
  set minorVersion(minor: number) {
    this.#minor = minor
  }

  /** From now on the peer's records are protected. */
  changeIncoming(keys: DirectionKeys): void {
    this.#opener = new RecordOpener(this.#ciphers, keys, this.#version)
  }

  /** From now on ours are. */
  changeOutgoing(keys: DirectionKeys): void {
    this.#sealer = new RecordSealer(this.#ciphers, keys, this.#version)
  }

  /** What is still being protected, if anything is: when all of it can be taken. */
  get sending(): Promise<void> | undefined {
    return this.#sending
  }

  /**
   * Puts bytes of any length into records, and those into one array; none make an empty record. It
   * can be taken at once, or after what is returned, and after all that was sent before.
   */
  send(type: number, bytes: Uint8Array): void | Promise<void> {
    const fragments: Uint8Array[] = []
    let at = 0
    // With TLS 1.0 the peer's next initialisation vector is known to whoever reads along, so it must
    // not protect what he may have chosen: one byte goes first (CVE-2011-3389).
    if (this.#version === 1 && type === RecordType.APPLICATION_DATA && bytes.length > 1) {
      fragments.push(bytes.subarray(0, 1))
      at = 1
    }
    do {
      fragments.push(bytes.subarray(at, at + MAX_FRAGMENT))
      at += MAX_FRAGMENT
    } while (at < bytes.length)
    const sealer = this.#sealer
    const sent = whenReady(this.#sending, () =>
      whenReady(sealer?.seal(type, fragments) ?? fragments, (bodies) => {
        this.#outgoing.push(concat(...bodies.flatMap((body) => [this.#header(type, body), body])))
      }),
    )
    if (sent instanceof Promise) this.#keep(sent)
    return sent
  }

  /** What is to be sent next, piece by piece. */
  take(): Uint8Array | undefined {
    return this.#outgoing.shift()
  }

  /** Whoever sends next waits for it, and hears of it if it fails. */
  #keep(sending: Promise<void>): void {
    const clear = () => {
      if (this.#sending === sending) this.#sending = undefined
    }
    this.#sending = sending
    sending.then(clear, () => {})
  }

  #open({ type, legacyVersion, fragment }: TlsRecord): Awaitable<OpenedRecord> {
    if (this.#opener === undefined) {
      if (fragment.length <= MAX_FRAGMENT) return { type, fragment }
      const message = `The peer sent a record of ${fragment.length} bytes.`
      throw new FatalAlert(Alert.RECORD_OVERFLOW, message)
    }
    // In the clear the version means little (RFC 5246 Appendix E.1).
    if (legacyVersion !== (0x0300 | this.#version)) {
      throw new FatalAlert(Alert.PROTOCOL_VERSION, 'The peer changes the version.')
    }
    return whenReady(this.#opener.open(type, fragment), (opened) => ({ type, fragment: opened }))
  }

  /** Whoever stops at one that is damaged does not ask for the others. */
  #openAll(records: readonly TlsRecord[]): readonly Promise<OpenedRecord>[] {
    const opening = records.map(async (record) => this.#open(record))
    for (const one of opening) one.catch(() => {})
    return opening
  }

  get #version(): number {
    return this.#minor ?? OLDEST
  }

  #header(type: number, { length }: Uint8Array): Uint8Array {
    return Uint8Array.of(type, 3, this.#version, length >> 8, length & 0xff)
  }
}

const OLDEST = 1
