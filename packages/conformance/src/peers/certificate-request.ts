import type { TlsProtocolVersion } from '@tlsio/core'
import { concat, HandshakeReader, RecordReader, RecordType } from '@tlsio/core/wire'
import { record } from '../bytes.js'
import { message, uint, vector } from './encoding.js'

/**
 * Names other authorities in a server's request for a certificate, as it goes by, up to TLS 1.2, where
 * it is in the clear. The two ends do not agree about what was said then, so the handshake fails in the
 * end; until then the client has every reason to believe it.
 *
 * @param names - distinguished names in DER.
 * @returns what is to be passed on in place of the next bytes.
 * @see RFC 5246 §7.4.4
 */
export function namingAuthorities(
  version: TlsProtocolVersion,
  names: readonly Uint8Array[],
): (chunk: Uint8Array) => Uint8Array {
  const records = new RecordReader()
  const messages = new HandshakeReader()
  let encrypted = false
  return (chunk) => {
    const passed = records.push(chunk).flatMap((one) => {
      encrypted ||= one.type === RecordType.CHANGE_CIPHER_SPEC
      if (encrypted || one.type !== RecordType.HANDSHAKE) {
        return [record(version, one.type, one.fragment)]
      }
      return messages.push(one).map(({ type, body }) => {
        const said = type === CERTIFICATE_REQUEST ? naming(body, version, names) : body
        return record(version, RecordType.HANDSHAKE, message(type, said))
      })
    })
    return concat(...passed)
  }
}

/** A distinguished name in DER that is a common name alone, of fewer than 100 ASCII letters. */
export function commonName(name: string): Uint8Array {
  const nested = (tag: number, content: Uint8Array) =>
    concat(Uint8Array.of(tag), vector(1, content))
  const text = nested(UTF8_STRING, new TextEncoder().encode(name))
  const attribute = nested(SEQUENCE, concat(COMMON_NAME, text))
  return nested(SEQUENCE, nested(SET, attribute))
}

/** The request with these names in place of its own. */
function naming(
  body: Uint8Array,
  version: TlsProtocolVersion,
  names: readonly Uint8Array[],
): Uint8Array {
  const types = 1 + (body[0] ?? 0)
  // TLS 1.2 put the signature algorithms in between.
  const algorithms =
    version === 'TLSv1.2' ? 2 + (body[types] ?? 0) * 256 + (body[types + 1] ?? 0) : 0
  return concat(
    body.subarray(0, types + algorithms),
    vector(2, ...names.map((name) => concat(uint(name.length, 2), name))),
  )
}

const CERTIFICATE_REQUEST = 13
const SEQUENCE = 0x30
const SET = 0x31
const UTF8_STRING = 0x0c
/** The object identifier 2.5.4.3. */
const COMMON_NAME = Uint8Array.of(6, 3, 0x55, 4, 3)
