/** A datagram with a ClientHello of DTLS 1.2, or one fragment of it. */
export function clientHello(
  serverName: string,
  cookie: Uint8Array = new Uint8Array(0),
  fragment: { readonly from: number; readonly to?: number } = { from: 0 },
): Uint8Array {
  const name = new TextEncoder().encode(serverName)
  const names = vector(2, [0, ...vector(2, name)])
  const extensions = [0, 0, ...vector(2, names)]
  const body = [
    ...[254, 253],
    ...new Uint8Array(32), // random
    ...vector(1, []), // session ID
    ...vector(1, cookie),
    ...vector(2, [0xc0, 0x2b]),
    ...vector(1, [0]),
    ...vector(2, extensions),
  ]
  const part = body.slice(fragment.from, fragment.to)
  const message = [1, ...uint(3, body.length), 0, 0, ...uint(3, fragment.from), ...vector(3, part)]
  return Uint8Array.of(22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, ...vector(2, message))
}

function vector(prefix: number, content: ArrayLike<number>): number[] {
  return [...uint(prefix, content.length), ...Array.from(content)]
}

function uint(size: number, value: number): number[] {
  return Array.from({ length: size }, (_, at) => (value >> (8 * (size - 1 - at))) & 255)
}
