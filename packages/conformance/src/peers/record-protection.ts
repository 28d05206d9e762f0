import { concat, RecordType, type TlsRecord } from '@tlsio/core/wire'
import { record } from '../bytes.js'
import { expandLabel, hashLength } from './key-schedule.js'

/** What was in an encrypted record. */
export interface InnerRecord {
  /** Its real type (RFC 8446 §5.2). */
  readonly type: number
  readonly content: Uint8Array
}

/** Libraries of types do not agree on where its name is. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

const tagLength = 16
const NONE = new Uint8Array(0)

/** One direction under one traffic secret, with TLS_AES_128_GCM_SHA256 (RFC 8446 §5.2, §7.3). */
export class RecordProtection {
  readonly #secret: Uint8Array
  readonly #key: Key
  readonly #iv: Uint8Array
  #sequence = 0

  private constructor(secret: Uint8Array, key: Key, iv: Uint8Array) {
    this.#secret = secret
    this.#key = key
    this.#iv = iv
  }

  static async of(secret: Uint8Array): Promise<RecordProtection> {
    const raw = Uint8Array.from(await expandLabel(secret, 'key', NONE, 16))
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
    return new RecordProtection(secret, key, await expandLabel(secret, 'iv', NONE, 12))
  }

  /** The same direction after a KeyUpdate (RFC 8446 §7.2). */
  async next(): Promise<RecordProtection> {
    return RecordProtection.of(await expandLabel(this.#secret, 'traffic upd', NONE, hashLength))
  }

  /** Encrypts up to 16,384 bytes into a whole record. */
  async seal(type: number, content: Uint8Array): Promise<Uint8Array> {
    const { APPLICATION_DATA } = RecordType
    const length = content.length + 1 + tagLength
    const whole = record('TLSv1.3', APPLICATION_DATA, new Uint8Array(length))
    const header = whole.slice(0, 5)
    const inner = Uint8Array.from(concat(content, Uint8Array.of(type)))
    const algorithm = { name: 'AES-GCM', iv: this.#nonce(), additionalData: header }
    whole.set(new Uint8Array(await crypto.subtle.encrypt(algorithm, this.#key, inner)), 5)
    return whole
  }

  /** Decrypts a record; rejects if it was not encrypted with this key as the next one. */
  async open({ fragment }: TlsRecord): Promise<InnerRecord> {
    const header = record('TLSv1.3', RecordType.APPLICATION_DATA, NONE, fragment.length)
    const algorithm = { name: 'AES-GCM', iv: this.#nonce(), additionalData: header }
    const plain = await crypto.subtle.decrypt(algorithm, this.#key, Uint8Array.from(fragment))
    const inner = new Uint8Array(plain)
    // The type stands before the padding, which is zeros.
    let at = inner.length - 1
    while (at > 0 && inner[at] === 0) at--
    return { type: inner[at] ?? 0, content: inner.subarray(0, Math.max(at, 0)) }
  }

  /** Each record has its own, by its number. */
  #nonce(): Uint8Array<ArrayBuffer> {
    const nonce = Uint8Array.from(this.#iv)
    const view = new DataView(nonce.buffer)
    view.setUint32(8, view.getUint32(8) ^ this.#sequence++)
    return nonce
  }
}
