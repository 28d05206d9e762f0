/** Bytes as forge wants them: text in which each character is one byte. */
export function toBinary(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += MOST_ARGUMENTS) {
    // Spread would go through an iterator: seven times as slow.
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + MOST_ARGUMENTS) as never)
  }
  return text
}

/** The inverse of {@link toBinary}. */
export function fromBinary(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** Arguments of one call live on the stack. */
const MOST_ARGUMENTS = 8192
