/** RFC 3986 §3.2.2. No leading zeros: where "010" is 8 and where it is 10 differs. */
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/**
 * The canonical text of an IP literal (RFC 5952 for IPv6, but without dots), or `undefined` if it is
 * none. An IPv4-mapped IPv6 address is one of 16 bytes, and not the same as the IPv4 address.
 */
export function canonicalIpAddress(text: string): string | undefined {
  if (ipv4.test(text)) return text
  if (!/^[\da-f:.]+$/i.test(text) || !text.includes(':')) return undefined
  try {
    return new URL(`http://[${text}]/`).hostname.slice(1, -1)
  } catch {
    return undefined
  }
}

/** The canonical text of 4 or 16 address bytes, or `undefined` for any other length. */
export function ipAddressFromBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return undefined
  const groups: string[] = []
  for (let i = 0; i < 16; i += 2) {
    groups.push((((bytes[i] as number) << 8) | (bytes[i + 1] as number)).toString(16))
  }
  return canonicalIpAddress(groups.join(':'))
}
