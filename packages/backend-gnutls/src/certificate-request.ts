/**
 * The names of authorities in a CertificateRequest: empty if it has none, `undefined` if it cannot be
 * read, which is for the engine to say.
 *
 * @see RFC 8446 §4.3.2 and §4.2.4, RFC 5246 §7.4.4
 */
export function readAcceptedCas(
  body: Uint8Array,
  version: 'TLSv1.2' | 'TLSv1.3',
): readonly Uint8Array[] | undefined {
  try {
    return version === 'TLSv1.3' ? namesInExtensions(body) : namesAtEnd(body)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Certificate types, signature algorithms, names. */
function namesAtEnd(body: Uint8Array): readonly Uint8Array[] {
  const [, afterTypes] = vector(body, 0, 1)
  const [, afterAlgorithms] = vector(body, afterTypes, 2)
  const [names, end] = vector(body, afterAlgorithms, 2)
  if (end !== body.length) throw new RangeError('There is more than a CertificateRequest.')
  return namesIn(names)
}

/** A context and extensions, one of which has the names. */
function namesInExtensions(body: Uint8Array): readonly Uint8Array[] {
  const [, afterContext] = vector(body, 0, 1)
  const [extensions, end] = vector(body, afterContext, 2)
  if (end !== body.length) throw new RangeError('There is more than a CertificateRequest.')
  let found: readonly Uint8Array[] = []
  for (let at = 0; at < extensions.length; ) {
    const [content, next] = vector(extensions, at + 2, 2)
    const type = uint(extensions, at, 2)
    if (type === CERTIFICATE_AUTHORITIES) found = namesIn(vector(content, 0, 2)[0])
    at = next
  }
  return found
}

function namesIn(list: Uint8Array): readonly Uint8Array[] {
  const names: Uint8Array[] = []
  for (let at = 0; at < list.length; ) {
    const [name, next] = vector(list, at, 2)
    names.push(name.slice())
    at = next
  }
  return names
}

/** A vector with a length of `prefix` bytes, and where it ends. */
function vector(bytes: Uint8Array, at: number, prefix: number): [Uint8Array, number] {
  const start = at + prefix
  const end = start + uint(bytes, at, prefix)
  if (end > bytes.length) throw new RangeError('A vector is longer than what it is in.')
  return [bytes.subarray(start, end), end]
}

function uint(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) throw new RangeError('A number is cut off.')
  return bytes.subarray(at, at + size).reduce((value, byte) => value * 256 + byte, 0)
}

/** IANA's number of the extension (RFC 8446 §4.2.4). */
const CERTIFICATE_AUTHORITIES = 47
