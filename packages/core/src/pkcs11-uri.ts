/**
 * Whoever opens a token by a URI may read more in it than RFC 7512 has: p11-kit, which most use, leaves
 * out whitespace, takes a PIN and its source in the path as well, and knows the source by its old name,
 * `pinfile`. A PIN that is found there is tried past all that {@link TokenPins} sees to, again and again.
 * So a PIN is in its own place, as a `pin-value` behind the `?`, or the URI is refused.
 *
 * @throws TypeError if it is no PKCS #11 URI (RFC 7512), or one with a PIN elsewhere. It may have a PIN
 *   in it, so that the error does not repeat it.
 */
export function requirePkcs11Uri(name: string, uri: unknown): string {
  if (typeof uri !== 'string') throw new TypeError(`${name} is a text, not "${typeof uri}".`)
  if (!uri.startsWith('pkcs11:')) {
    throw new TypeError(`${name} is a PKCS #11 URI, which begins with "pkcs11:".`)
  }
  if (NOT_IN_URIS.test(uri)) {
    throw new TypeError(`${name} has whitespace or a control character, which are percent-encoded.`)
  }
  if (PIN_SOURCE.test(uri)) {
    throw new TypeError(`${name} has a pin-source, which is not read: the interaction gives PINs.`)
  }
  const pins = queryOf(uri).filter(isPin)
  if (uri.split(ANY_PIN).length - 1 > pins.length) {
    throw new TypeError(`${name} has a pin-value in its path; it belongs behind the "?".`)
  }
  if (pins.length > 1) throw new TypeError(`${name} has more than one pin-value.`)
  if (!pins.every((pin) => IS_ENCODED.test(pin))) {
    throw new TypeError(`${name} has a pin-value that is not properly percent-encoded.`)
  }
  return uri
}

/** A PKCS #11 URI in two: it without a PIN, and the PIN that was in it. */
export function splitPin(uri: string): {
  readonly uri: string
  readonly pin: Uint8Array | undefined
} {
  const attributes = queryOf(uri)
  const found = attributes.find(isPin)
  if (found === undefined) return { uri, pin: undefined }
  const others = attributes.filter((attribute) => !isPin(attribute))
  const [path = ''] = uri.split('?', 1)
  return {
    uri: others.length === 0 ? path : `${path}?${others.join('&')}`,
    pin: percentDecode(found.slice(PIN.length)),
  }
}

function queryOf(uri: string): readonly string[] {
  const at = uri.indexOf('?')
  return at < 0 ? [] : uri.slice(at + 1).split('&')
}

function isPin(attribute: string): boolean {
  return attribute.startsWith(PIN)
}

/** A PIN is bytes: they need not be text. */
function percentDecode(text: string): Uint8Array {
  const plain = new TextEncoder().encode(text)
  const bytes: number[] = []
  for (let at = 0; at < plain.length; at++) {
    const byte = plain[at] as number
    if (byte !== PERCENT) bytes.push(byte)
    else {
      bytes.push(Number.parseInt(String.fromCharCode(...plain.subarray(at + 1, at + 3)), 16))
      at += 2
    }
  }
  return Uint8Array.from(bytes)
}

const PIN = 'pin-value='

/** Behind anything that may begin an attribute, to whoever reads the URI. Names are not encoded. */
const ANY_PIN = /[:;?&]pin-value=/

const PIN_SOURCE = /[:;?&](pin-source|pinfile)=/

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_IN_URIS = /[\s\0-\x1f\x7f]/

const IS_ENCODED = /^([^%]|%[0-9a-f]{2})*$/i

const PERCENT = 0x25
