/** Content types of records (RFC 5246 §6.2.1). */
export const RecordType = { ALERT: 21, HANDSHAKE: 22, APPLICATION_DATA: 23 } as const

/** Types of handshake messages (RFC 6347 §4.3.2). */
export const MessageType = {
  CLIENT_HELLO: 1,
  HELLO_VERIFY_REQUEST: 3,
  CERTIFICATE: 11,
  FINISHED: 20,
} as const

/** What a datagram carries here: one record. */
export interface Record {
  readonly type: number
  /** 0 in the clear; 1 with a checksum in the place of encryption. */
  readonly epoch: number
  readonly number: number
  readonly content: Uint8Array
}

/** Part of a handshake message, or all of it. */
export interface Fragment {
  readonly type: number
  readonly length: number
  readonly offset: number
  readonly part: Uint8Array
}

/** What a record adds to a message. */
export const OVERHEAD: number = 13 + 4

/** A record as it is on the wire. */
export function encodeRecord({ type, epoch, number, content }: Record): Uint8Array {
  const length = content.length + (epoch === 0 ? 0 : 4)
  const header = [type, 254, 253, ...uint(2, epoch), ...uint(6, number), ...uint(2, length)]
  const open = Uint8Array.from([...header, ...content])
  return epoch === 0 ? open : Uint8Array.from([...open, ...uint(4, checksum(open))])
}

/** `undefined` for whatever is no record, or has another checksum. */
export function decodeRecord(datagram: Uint8Array): Record | undefined {
  const [type = 0, major, minor] = datagram
  if (datagram.length < 13 || major !== 254 || minor !== 253) return undefined
  const epoch = number(datagram.subarray(3, 5))
  if (datagram.length !== 13 + number(datagram.subarray(11, 13))) return undefined
  const end = epoch === 0 ? datagram.length : datagram.length - 4
  if (epoch !== 0) {
    const isWhole =
      end >= 13 && number(datagram.subarray(end)) === checksum(datagram.subarray(0, end))
    if (!isWhole) return undefined
  }
  return {
    type,
    epoch,
    number: number(datagram.subarray(5, 11)),
    content: datagram.subarray(13, end),
  }
}

/** A handshake message in parts of at most `most` bytes each. */
export function encodeMessage(type: number, body: Uint8Array, most: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at === 0 || at < body.length; at += most - 12) {
    const part = body.subarray(at, at + most - 12)
    const header = [type, ...uint(3, body.length), 0, type, ...uint(3, at), ...uint(3, part.length)]
    parts.push(Uint8Array.from([...header, ...part]))
  }
  return parts
}

/** `undefined` for what is none. */
export function decodeMessage(content: Uint8Array): Fragment | undefined {
  if (content.length < 12) return undefined
  const part = content.subarray(12)
  if (part.length !== number(content.subarray(9, 12))) return undefined
  const [type = 0] = content
  return {
    type,
    length: number(content.subarray(1, 4)),
    offset: number(content.subarray(6, 9)),
    part,
  }
}

/** What a ClientHello says. */
export interface Hello {
  readonly random: Uint8Array
  readonly serverName: string | undefined
  readonly protocols: readonly string[]
}

/** The body of a ClientHello. */
export function clientHello(hello: Hello, cookie: Uint8Array): Uint8Array {
  const { random, serverName, protocols } = hello
  const names = vector(2, [0, ...vector(2, textBytes(serverName ?? ''))])
  const list = protocols.flatMap((protocol) => vector(1, textBytes(protocol)))
  const extensions = [
    ...(serverName === undefined ? [] : [0, 0, ...vector(2, names)]),
    ...(protocols.length === 0 ? [] : [0, 16, ...vector(2, vector(2, list))]),
  ]
  return Uint8Array.from([
    ...[254, 253],
    ...random,
    ...vector(1, []), // session ID
    ...vector(1, cookie),
    ...vector(2, [0xc0, 0x2b]),
    ...vector(1, [0]),
    ...vector(2, extensions),
  ])
}

/** The cookie of a ClientHello that has no session ID. */
export function cookieOf(hello: Uint8Array): Uint8Array {
  const length = hello[35] ?? 0
  return hello.subarray(36, 36 + length)
}

/** Text as bytes. */
export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Bytes behind their length. */
export function vector(prefix: number, content: ArrayLike<number>): number[] {
  return [...uint(prefix, content.length), ...Array.from(content)]
}

/** What takes the place of a MAC where nothing is secret: FNV-1a. */
export function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** A number as bytes, big-endian. */
export function uint(size: number, value: number): number[] {
  return Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) & 255)
}

/** Bytes as a number. */
export function number(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}
