import { type DerElement, DerError, readAscii, readDer, readObjectIdentifier, Tag } from './der.js'

/**
 * A distinguished name in the form in which names are compared (RFC 5280 §7.1): one text for each
 * relative name, most significant first, the same for all spellings of the same name.
 */
export type DistinguishedName = readonly string[]

/** An alternative name, or what a name constraint says of names of that kind. */
export type GeneralName =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  /** otherName, x400Address, ediPartyName or registeredID, by its tag number. */
  | { readonly kind: 'other'; readonly tag: number }

/** Reads a Name (RFC 5280 §4.1.2.4). */
export function readDistinguishedName(element: DerElement): DistinguishedName {
  if (element.tag !== Tag.SEQUENCE) throw new DerError('This is no name.')
  return element
    .parts()
    .rest()
    .map((relative) => attributesOf(relative).map(canonicalAttribute).sort().join('+'))
}

/**
 * The e-mail addresses in a name, where old certificates have them (RFC 5280 §4.1.2.6); one that
 * cannot be read is an empty text, which is no address.
 */
export function emailAddressesIn(name: Uint8Array): string[] {
  return readDer(name)
    .parts()
    .rest()
    .flatMap(attributesOf)
    .filter(({ type }) => type === EMAIL_ADDRESS)
    .map(({ value }) => textOf(value) ?? '')
}

/** Whether the first `base.length` relative names are those of `base` (RFC 5280 §7.1). */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.length <= name.length && base.every((relative, at) => relative === name[at])
}

/** Reads a GeneralName (RFC 5280 §4.2.1.6). */
export function readGeneralName(element: DerElement): GeneralName {
  const { tag } = element
  const number = tag & 0x1f
  const kind = textKinds[number]
  if (tag === (0x80 | number) && kind !== undefined) return { kind, text: readAscii(element) }
  if (tag === 0x87) return { kind: 'ip', bytes: element.content }
  if (tag === 0xa4) {
    // A CHOICE is tagged explicitly even where all else is implicit (X.680 §31.2.7).
    return { kind: 'directory', name: readDistinguishedName(readDer(element.content)) }
  }
  if (otherTags.has(tag)) return { kind: 'other', tag: number }
  throw new DerError('This is no name of any kind.')
}

interface Attribute {
  readonly type: string
  readonly value: DerElement
}

function attributesOf(relative: DerElement): Attribute[] {
  if (relative.tag !== Tag.SET) throw new DerError('This is no relative name.')
  const attributes = relative
    .parts()
    .rest()
    .map((element) => {
      if (element.tag !== Tag.SEQUENCE) throw new DerError('This is no attribute.')
      const parts = element.parts()
      const type = readObjectIdentifier(parts.next(Tag.OBJECT_IDENTIFIER))
      const value = parts.next()
      parts.end()
      return { type, value }
    })
  if (attributes.length === 0) throw new DerError('A relative name is empty.')
  return attributes
}

function canonicalAttribute({ type, value }: Attribute): string {
  const text = textOf(value)
  // Quoted, so that no value can look like two.
  return `${type}=${text === undefined ? hex(value.bytes) : JSON.stringify(fold(text))}`
}

/** RFC 5280 §7.1: case and the amount of white space make no difference. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
}

/** `undefined` for what is no text, or of a kind that is hardly in use: it is compared by bytes. */
function textOf({ tag, content }: DerElement): string | undefined {
  if (tag === Tag.BMP_STRING) return textOfBmp(content)
  if (tag === Tag.TELETEX_STRING) return latin1.decode(content)
  if (!utf8Tags.has(tag)) return undefined
  try {
    return utf8.decode(content)
  } catch {
    return undefined
  }
}

/** Two bytes for each character. Not every runtime has a decoder for it. */
function textOfBmp(content: Uint8Array): string | undefined {
  if (content.length % 2 !== 0) return undefined
  let text = ''
  for (let at = 0; at < content.length; at += 2) {
    text += String.fromCharCode(((content[at] as number) << 8) | (content[at + 1] as number))
  }
  return text
}

function hex(bytes: Uint8Array): string {
  return `#${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'

const textKinds: Readonly<Record<number, 'dns' | 'email' | 'uri'>> = {
  1: 'email',
  2: 'dns',
  6: 'uri',
}

const otherTags: ReadonlySet<number> = new Set([0xa0, 0xa3, 0xa5, 0x88])

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const latin1 = new TextDecoder('latin1')

const utf8Tags: ReadonlySet<number> = new Set([
  Tag.UTF8_STRING,
  Tag.PRINTABLE_STRING,
  Tag.IA5_STRING,
  Tag.VISIBLE_STRING,
])
