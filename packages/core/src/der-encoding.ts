/** One value in DER (X.690 §8.1): the identifier octet, the length, and the content in its parts. */
export function encodeDer(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0)
  const header = [tag, ...lengthOctets(length)]
  const encoded = new Uint8Array(header.length + length)
  encoded.set(header)
  let at = header.length
  for (const part of content) {
    encoded.set(part, at)
    at += part.length
  }
  return encoded
}

/** X.690 §10.1: the definite form in the fewest octets. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}
