// Writes ASN.1 by hand, so that it can be wrong, or BER, as no encoder would have it.

/** One value with its identifier and length. */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents)
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content])
}

/** The same with the indefinite length of BER. */
export function indefinite(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag, 0x80), ...contents, Uint8Array.of(0, 0)])
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return tlv(0x30, ...contents)
}

export function octets(content: Uint8Array): Uint8Array {
  return tlv(0x04, content)
}

/** An INTEGER that is not negative. */
export function integer(value: number): Uint8Array {
  let text = value.toString(16)
  if (text.length % 2 === 1) text = `0${text}`
  const bytes = Buffer.from(text, 'hex')
  return tlv(0x02, (bytes[0] as number) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes)
}

export function identifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left & 0x7f) | 0x80)
    }
    return groups
  })
  return tlv(0x06, Uint8Array.from(bytes))
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes = Buffer.from(length.toString(16).padStart(8, '0'), 'hex')
  const start = bytes.findIndex((byte) => byte !== 0)
  return Buffer.concat([Uint8Array.of(0x80 | (4 - start)), bytes.subarray(start)])
}
