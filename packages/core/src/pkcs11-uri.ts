/**
 * @throws TypeError if it is no PKCS #11 URI (RFC 7512), or one that says where to read the PIN. It may
 *   have a PIN in it, so that the error does not repeat it.
 */
export function requirePkcs11Uri(name: string, uri: unknown): string {
  if (typeof uri !== 'string') throw new TypeError(`${name} is a text, not "${typeof uri}".`)
  if (!uri.startsWith('pkcs11:') || uri.includes('\0')) {
    throw new TypeError(`${name} is a PKCS #11 URI, which begins with "pkcs11:".`)
  }
  const attributes = queryOf(uri)
  if (attributes.some((attribute) => attribute.startsWith('pin-source='))) {
    throw new TypeError(`${name} has a pin-source, which is not read: the interaction gives PINs.`)
  }
  if (attributes.some((attribute) => isPin(attribute) && !IS_ENCODED.test(attribute))) {
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

const IS_ENCODED = /^([^%]|%[0-9a-f]{2})*$/i

const PERCENT = 0x25
