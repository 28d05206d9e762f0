/** Bytes of a premaster secret (RFC 4346 §7.4.7.1). */
const LENGTH = 48

/**
 * What RSA has made of a ClientKeyExchange, as a block that decodes: with the client's premaster secret
 * if that is well-formed and names the version of its hello, and with a random one otherwise.
 *
 * Which of the two it is shows neither in an error nor, as far as JavaScript allows, in time: every
 * byte is looked at, and both secrets are there in either case (RFC 4346 §7.4.7.1, against the attack
 * of Bleichenbacher and that of Klima). forge takes the padding off in branches, and throws.
 */
export function premasterBlock(
  block: Uint8Array,
  version: { readonly major: number; readonly minor: number },
): Uint8Array {
  const random = crypto.getRandomValues(new Uint8Array(LENGTH))
  random[0] = version.major
  random[1] = version.minor
  const start = block.length - LENGTH
  let wrong = (block[0] as number) | ((block[1] as number) ^ 2) | (block[start - 1] as number)
  // The padding has no zero byte (RFC 8017 §7.2.2): 1 where there is one.
  for (let at = 2; at < start - 1; at++) wrong |= (((block[at] as number) - 1) >> 8) & 1
  wrong |= (block[start] as number) ^ version.major
  wrong |= (block[start + 1] as number) ^ version.minor
  // All ones if anything was wrong, else all zeros.
  const mask = -((wrong | -wrong) >>> 31) & 0xff
  const sound = new Uint8Array(block.length).fill(0xff)
  sound[0] = 0
  sound[1] = 2
  sound[start - 1] = 0
  for (let at = 0; at < LENGTH; at++) {
    sound[start + at] = ((random[at] as number) & mask) | ((block[start + at] as number) & ~mask)
  }
  return sound
}
