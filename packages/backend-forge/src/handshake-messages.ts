import { Alert, FatalAlert } from './fatal-alert.js'

/** The certificates of a Certificate message, DER and leaf first (RFC 4346 §7.4.2). */
export function readCertificates(body: Uint8Array): readonly Uint8Array[] {
  const [list, rest] = vector(body, 3)
  if (rest.length > 0) throw damaged('Certificate')
  return all(list, 3)
}

/** The names in a CertificateRequest message, DER (RFC 4346 §7.4.4). */
export function readDistinguishedNames(body: Uint8Array): readonly Uint8Array[] {
  const [, afterTypes] = vector(body, 1)
  const [names, rest] = vector(afterTypes, 2)
  if (rest.length > 0) throw damaged('CertificateRequest')
  return all(names, 2)
}

/** @throws {@link FatalAlert} if a message is not just one vector: forge reads on behind it. */
export function requireVector(body: Uint8Array, prefix: number): void {
  const [, rest] = vector(body, prefix)
  if (rest.length > 0) throw damaged('handshake')
}

function all(list: Uint8Array, prefix: number): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  for (let left = list; left.length > 0; ) {
    const [one, rest] = vector(left, prefix)
    // The message is a view of what was received, and goes; this stays.
    found.push(one.slice())
    left = rest
  }
  return found
}

/** What a length prefix of so many bytes stands before, and what comes after it. */
function vector(bytes: Uint8Array, prefix: number): readonly [Uint8Array, Uint8Array] {
  const length = bytes.subarray(0, prefix).reduce((sum, byte) => sum * 256 + byte, 0)
  const end = prefix + length
  if (bytes.length < end) throw damaged('handshake')
  return [bytes.subarray(prefix, end), bytes.subarray(end)]
}

function damaged(what: string): FatalAlert {
  return new FatalAlert(Alert.DECODE_ERROR, `The peer sent a damaged ${what} message.`)
}
