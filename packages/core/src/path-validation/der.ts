/**
 * Reads DER (X.690 §10, §11), and nothing of BER: one encoding for each value, so that nobody can
 * show one certificate to us and another to somebody else.
 */

/** Universal tags, as the identifier octet that DER has for them (X.690 §8.1.2). */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OBJECT_IDENTIFIER: 0x06,
  ENUMERATED: 0x0a,
  UTF8_STRING: 0x0c,
  PRINTABLE_STRING: 0x13,
  TELETEX_STRING: 0x14,
  IA5_STRING: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  VISIBLE_STRING: 0x1a,
  UNIVERSAL_STRING: 0x1c,
  BMP_STRING: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const

/** The identifier octet of a context-specific tag below 31. */
export function contextTag(number: number, form: 'primitive' | 'constructed'): number {
  return 0x80 | (form === 'constructed' ? CONSTRUCTED : 0) | number
}

/** The bytes are not what was expected. What they are part of cannot be read. */
export class DerError extends Error {}

/** One value with its identifier. It shares the bytes it was read from. */
export class DerElement {
  readonly tag: number
  /** Identifier, length and content. */
  readonly bytes: Uint8Array
  readonly content: Uint8Array

  constructor(tag: number, bytes: Uint8Array, content: Uint8Array) {
    this.tag = tag
    this.bytes = bytes
    this.content = content
  }

  /** The parts of a SEQUENCE, SET or explicit tag. */
  parts(): DerParts {
    if ((this.tag & CONSTRUCTED) === 0) throw new DerError('A primitive value has no parts.')
    return new DerParts(this.content)
  }
}

/** Values one after the other; each is asked for by its tag. */
export class DerParts {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** The next value, which must have this tag if one is given. */
  next(tag?: number): DerElement {
    const element = elementAt(this.#bytes, this.#at)
    if (tag !== undefined && element.tag !== tag) {
      throw new DerError(`Tag ${element.tag} where ${tag} was expected.`)
    }
    this.#at += element.bytes.length
    return element
  }

  /** The next value if it has this tag. */
  optional(tag: number): DerElement | undefined {
    return this.#bytes[this.#at] === tag ? this.next() : undefined
  }

  /** All that are left. */
  rest(): DerElement[] {
    const elements: DerElement[] = []
    while (!this.isAtEnd) elements.push(this.next())
    return elements
  }

  /** Makes sure that there are no more. */
  end(): void {
    if (!this.isAtEnd) throw new DerError('There is more than was expected.')
  }
}

/** Reads the one value that the bytes are. @throws {@link DerError} */
export function readDer(bytes: Uint8Array, tag?: number): DerElement {
  const parts = new DerParts(bytes)
  const element = parts.next(tag)
  parts.end()
  return element
}

/** X.690 §11.1: TRUE is 255 and nothing else. */
export function readBoolean({ content }: DerElement): boolean {
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    throw new DerError('This is no BOOLEAN.')
  }
  return content[0] === 0xff
}

/** Two's complement in the fewest bytes (X.690 §8.3.2). */
export function readInteger({ content }: DerElement): Uint8Array {
  const [first, second] = content
  if (first === undefined) throw new DerError('This is no INTEGER.')
  const isPadded =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  if (isPadded) throw new DerError('The INTEGER is longer than it needs to be.')
  return content
}

/** An INTEGER from 0 to 2³¹ − 1; larger ones come as that. */
export function readSmallInteger(element: DerElement): number {
  const content = readInteger(element)
  if ((content[0] as number) >= 0x80) throw new DerError('The INTEGER is negative.')
  if (content.length > 4) return 0x7fffffff
  return content.reduce((value, byte) => (value << 8) | byte, 0)
}

/** Bytes of a BIT STRING that has whole bytes, as keys and signatures do. */
export function readBitStringBytes({ content }: DerElement): Uint8Array {
  if (content[0] !== 0) throw new DerError('The BIT STRING has no whole bytes.')
  return content.subarray(1)
}

/** Bits of a named bit list: bit 0 of ASN.1 is bit 0 of the number (X.690 §11.2.2). */
export function readNamedBits({ content }: DerElement): number {
  const [unused, ...bytes] = content.subarray(0, 4)
  const last = bytes.at(-1)
  if (unused === undefined || unused > 7 || content.length > 3 || (last === undefined && unused)) {
    throw new DerError('This is no list of named bits.')
  }
  if (last !== undefined && (last & ((1 << unused) - 1)) !== 0) {
    throw new DerError('Unused bits are set.')
  }
  let bits = 0
  for (const [at, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) bits |= 1 << (at * 8 + bit)
  }
  return bits
}

/** Dotted decimal (X.690 §8.19). */
export function readObjectIdentifier({ content }: DerElement): string {
  const last = content.at(-1)
  if (last === undefined || last >= 0x80 || content.length > LONGEST_IDENTIFIER) {
    throw new DerError('This is no OBJECT IDENTIFIER.')
  }
  const arcs: number[] = []
  let value = 0
  let isFirst = true
  for (const byte of content) {
    if (isFirst && byte === 0x80) throw new DerError('An arc is longer than it needs to be.')
    value = value * 128 + (byte & 0x7f)
    if (value > Number.MAX_SAFE_INTEGER) throw new DerError('An arc is absurdly large.')
    isFirst = byte < 0x80
    if (!isFirst) continue
    if (arcs.length === 0) {
      const root = Math.min(Math.floor(value / 40), 2)
      arcs.push(root, value - root * 40)
    } else arcs.push(value)
    value = 0
  }
  return arcs.join('.')
}

/** ASCII of an IA5String, whatever its tag. */
export function readAscii({ content }: DerElement): string {
  if (content.length > LONGEST_TEXT || content.some((byte) => byte >= 0x80)) {
    throw new DerError('The text is not ASCII, or absurdly long.')
  }
  return String.fromCharCode(...content)
}

/**
 * UTCTime or GeneralizedTime in milliseconds since 1970. RFC 5280 §4.1.2.5: in Greenwich Mean Time,
 * with seconds and without fractions.
 */
export function readTime(element: DerElement): number {
  const text = readAscii(element)
  const form = element.tag === Tag.UTC_TIME ? utcTime : generalizedTime
  const match = element.tag === Tag.UTC_TIME || element.tag === Tag.GENERALIZED_TIME
  const fields = match ? form.exec(text)?.slice(1).map(Number) : undefined
  if (fields === undefined) throw new DerError(`"${text.slice(0, 20)}" is no time.`)
  const [first, month, day, hour, minute, second] = fields as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  // RFC 5280 §4.1.2.5.1: two digits from 50 on belong to the twentieth century.
  const year = element.tag === Tag.UTC_TIME ? first + (first >= 50 ? 1900 : 2000) : first
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60
  if (!isReal || second > 59) throw new DerError(`"${text}" is no time.`)
  return date.getTime()
}

function elementAt(bytes: Uint8Array, at: number): DerElement {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) throw new DerError('The data is cut off.')
  if ((tag & 0x1f) === 0x1f) throw new DerError('There is no use for such a tag.')
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    // X.690 §10.1: the definite form in the fewest bytes.
    if (count === 0 || count > 4) throw new DerError('The length is indefinite or absurd.')
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start++] ?? Number.NaN)
    if (length < 0x80 || length < 256 ** (count - 1)) {
      throw new DerError('The length is longer than it needs to be.')
    }
  }
  const end = start + length
  if (!(end <= bytes.length)) throw new DerError('The data is cut off.')
  return new DerElement(tag, bytes.subarray(at, end), bytes.subarray(start, end))
}

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const CONSTRUCTED = 0x20
const LONGEST_IDENTIFIER = 64
const LONGEST_TEXT = 4096
