import type { SessionState } from '@tlsio/core/backend'
import { fromBER, Integer, Sequence } from 'asn1js'

/**
 * A session as node:tls gives it, in a form that it takes on every version.
 *
 * Since 22.23, 24.17 and 26.3 Node puts a header with the server name in front of OpenSSL's bytes,
 * and silently drops a session whose name is not equal to the letter. Core judges the peer of a
 * session itself, and more strictly, so the header is taken off: without it the versions behave
 * alike. In a connection that does not reject by itself, Node passes bytes without header on to
 * OpenSSL.
 */
export class NodeSessionState implements SessionState {
  readonly data: Uint8Array
  #lifetime: { readonly value: number | undefined } | undefined

  constructor(session: Uint8Array) {
    this.data = withoutHeader(session)
  }

  /** Read on demand: most sessions are never asked. */
  get lifetime(): number | undefined {
    this.#lifetime ??= { value: lifetimeOf(this.data) }
    return this.#lifetime.value
  }
}

function withoutHeader(session: Uint8Array): Uint8Array {
  if (session[0] === ASN1_SEQUENCE) return session
  const text = Buffer.from(session.buffer, session.byteOffset, session.byteLength)
  if (text.indexOf(HEADER) !== 0) return session
  const nameAt = text.indexOf(0, HEADER.length) + 1
  if (nameAt === 0 || nameAt + 2 > text.length) return session
  const bare = session.subarray(nameAt + 2 + text.readUInt16BE(nameAt))
  return bare[0] === ASN1_SEQUENCE ? bare : session
}

/**
 * The ticket lifetime hint in the encoding of a session that OpenSSL (`i2d_SSL_SESSION`, which
 * leaves a zero out) and BoringSSL share, in milliseconds. In TLS 1.3 zero means "discard at once"
 * (RFC 8446 §4.6.1), before that "not said" (RFC 5077 §3.3).
 *
 * Of a TLS 1.3 ticket BoringSSL keeps no hint, but a time-out that is never beyond it.
 */
function lifetimeOf(data: Uint8Array): number | undefined {
  const { result } = fromBER(data)
  if (!(result instanceof Sequence)) return undefined
  const [, version, ...fields] = result.valueBlock.value
  const seconds = integerIn(fields, LIFETIME_HINT)
  if (seconds !== undefined) return seconds * 1000
  if (!(version instanceof Integer) || version.valueBlock.valueDec !== TLS_1_3) return undefined
  const isBoringSsl = fieldIn(fields, BORINGSSL_TICKET_AGE_ADD) !== undefined
  return isBoringSsl ? (integerIn(fields, TIMEOUT) ?? 0) * 1000 : 0
}

type Fields = Sequence['valueBlock']['value']

function fieldIn(fields: Fields, number: number): Sequence | undefined {
  return fields.find(
    ({ idBlock }) => idBlock.tagClass === CONTEXT_SPECIFIC && idBlock.tagNumber === number,
  ) as Sequence | undefined
}

function integerIn(fields: Fields, number: number): number | undefined {
  const value = fieldIn(fields, number)?.valueBlock.value[0]
  return value instanceof Integer ? Number(value.toBigInt()) : undefined
}

/** How OpenSSL's own encoding of a session begins. */
const ASN1_SEQUENCE = 0x30
const HEADER = Buffer.from('\0nodejs:tls:session:')
const CONTEXT_SPECIFIC = 3
const TIMEOUT = 2
const LIFETIME_HINT = 9
/** OpenSSL has it under another number. */
const BORINGSSL_TICKET_AGE_ADD = 21
const TLS_1_3 = 0x0304
