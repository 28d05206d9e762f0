import { TlsCertificateFlags } from '@tlsio/core'

/** Names of the bits of a set of `TlsCertificateFlags`; a bit without a name is a number. */
export function flagNames(flags: number): string[] {
  const named = names.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name)
  const rest = flags & ~TlsCertificateFlags.VALIDATE_ALL
  return rest === 0 ? named : [...named, `0x${(rest >>> 0).toString(16)}`]
}

/** Those that are one bit. */
const names: readonly [name: string, bit: number][] = Object.entries(TlsCertificateFlags).filter(
  ([, bits]) => bits !== 0 && (bits & (bits - 1)) === 0,
)
