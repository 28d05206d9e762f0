import type forge from 'node-forge'

/**
 * Larger keys than anybody uses only serve to keep us busy: with a modulus and an exponent of 8,192
 * bits, forge needs seconds for one operation.
 */
const MOST_KEY_BITS = 8192
const MOST_EXPONENT_BITS = 64

/** Whether an operation with the key of a certificate takes no longer than usual. */
export function isModest({ publicKey }: forge.pki.Certificate): boolean {
  const { n, e } = publicKey as Partial<forge.pki.rsa.PublicKey>
  return (
    n !== undefined &&
    e !== undefined &&
    n.bitLength() <= MOST_KEY_BITS &&
    e.bitLength() <= MOST_EXPONENT_BITS
  )
}
