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
 * The ticket lifetime hint in OpenSSL's encoding of a session (`i2d_SSL_SESSION`, which leaves a
 * zero out), in milliseconds. In TLS 1.3 zero means "discard at once" (RFC 8446 §4.6.1), before
 * that "not said" (RFC 5077 §3.3).
 */
function lifetimeOf(data: Uint8Array): number | undefined {
  const { result } = fromBER(data)
  if (!(result instanceof Sequence)) return undefined
  const [, version, ...fields] = result.valueBlock.value
  const hint = fields.find(
    ({ idBlock }) => idBlock.tagClass === CONTEXT_SPECIFIC && idBlock.tagNumber === LIFETIME_HINT,
  )
  const seconds = (hint as Sequence | undefined)?.valueBlock.value[0]
  if (seconds instanceof Integer) return Number(seconds.toBigInt()) * 1000
  const isTls13 = version instanceof Integer && version.valueBlock.valueDec === TLS_1_3
  return isTls13 ? 0 : undefined
}

/** How OpenSSL's own encoding of a session begins. */
const ASN1_SEQUENCE = 0x30
const HEADER = Buffer.from('\0nodejs:tls:session:')
const CONTEXT_SPECIFIC = 3
const LIFETIME_HINT = 9
const TLS_1_3 = 0x0304
