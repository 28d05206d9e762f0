import type { ByteReader } from './byte-reader.js'

/** Numbers of the extensions that are looked at. @see IANA "TLS ExtensionType Values" */
export const ExtensionType: {
  /** Server name (SNI). @see RFC 6066 §3 */
  readonly SERVER_NAME: 0
  /** Request for an OCSP staple. @see RFC 6066 §8 */
  readonly STATUS_REQUEST: 5
  /** ALPN. @see RFC 7301 */
  readonly APPLICATION_LAYER_PROTOCOL_NEGOTIATION: 16
  /** Tickets up to TLS 1.2. @see RFC 5077 */
  readonly SESSION_TICKET: 35
  /** Tickets of TLS 1.3. @see RFC 8446 §4.2.11 */
  readonly PRE_SHARED_KEY: 41
  /** 0-RTT. @see RFC 8446 §4.2.10 */
  readonly EARLY_DATA: 42
  /** Versions. @see RFC 8446 §4.2.1 */
  readonly SUPPORTED_VERSIONS: 43
  /** How tickets may be used. @see RFC 8446 §4.2.9 */
  readonly PSK_KEY_EXCHANGE_MODES: 45
} = Object.freeze({
  SERVER_NAME: 0,
  STATUS_REQUEST: 5,
  APPLICATION_LAYER_PROTOCOL_NEGOTIATION: 16,
  SESSION_TICKET: 35,
  PRE_SHARED_KEY: 41,
  EARLY_DATA: 42,
  SUPPORTED_VERSIONS: 43,
  PSK_KEY_EXCHANGE_MODES: 45,
})

/** One extension of a hello, not looked into. @see RFC 8446 §4.2 */
export interface HelloExtension {
  /** Its number. @see IANA "TLS ExtensionType Values" */
  readonly type: number
  /** Its content. */
  readonly data: Uint8Array
}

/** Either what was read, or what is wrong with the bytes. */
export type ParseResult<T> =
  | {
      /** It was read. */
      readonly ok: true
      /** What was read. */
      readonly value: T
    }
  | {
      /** It could not be read. */
      readonly ok: false
      /** Why, in a few words. */
      readonly problem: string
    }

/**
 * Reads the extensions at the end of a hello; TLS 1.2 allows there to be none (RFC 5246 §7.4.1.2).
 */
export function readExtensions(reader: ByteReader): readonly HelloExtension[] {
  if (reader.remaining === 0) return []
  return reader.list(2, (one) => ({ type: one.uint(2), data: one.vector(2) }))
}
