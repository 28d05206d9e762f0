import { concat } from '@tlsio/core/wire'
import { uint, vector } from './encoding.js'

/** What a key exchange gave: the secret, and what the client needs to get the same. */
export interface KeyExchange {
  readonly secret: Uint8Array
  /** KeyShareEntry of the server (RFC 8446 §4.2.8). */
  readonly share: Uint8Array
}

/** What WebCrypto needs to be told of a group; of X25519 the name says it all. */
interface GroupAlgorithm {
  readonly name: string
  readonly namedCurve: string
}

/**
 * The groups that there are, the preferred first (RFC 8446 §4.2.7); three, since clients send shares of two
 * at most, and may be asked for another.
 */
const groups = [
  { number: 0x001d, bits: 256, algorithm: { name: 'X25519' } as GroupAlgorithm },
  { number: 0x0017, bits: 256, algorithm: { name: 'ECDH', namedCurve: 'P-256' } },
  { number: 0x0018, bits: 384, algorithm: { name: 'ECDH', namedCurve: 'P-384' } },
]

/** A group of ours that a client knows and has sent no share of; `undefined` if there is none. */
export function groupWithoutShare(
  supported: readonly number[],
  shares: ReadonlyMap<number, Uint8Array>,
): number | undefined {
  return groups.find(({ number }) => supported.includes(number) && !shares.has(number))?.number
}

/** Whether there is a share of a group of ours. */
export function hasShare(shares: ReadonlyMap<number, Uint8Array>): boolean {
  return groups.some(({ number }) => shares.has(number))
}

/** Answers a client's shares; `undefined` if there is none of a group of ours. */
export async function exchangeKeys(
  shares: ReadonlyMap<number, Uint8Array>,
): Promise<KeyExchange | undefined> {
  for (const { number, bits, algorithm } of groups) {
    const theirs = shares.get(number)
    if (theirs === undefined) continue
    const { subtle } = crypto
    const ours = await subtle.generateKey(algorithm, true, ['deriveBits'])
    const key = await subtle.importKey('raw', Uint8Array.from(theirs), algorithm, true, [])
    const { name } = algorithm
    const secret = await subtle.deriveBits({ name, public: key }, ours.privateKey, bits)
    const raw = await subtle.exportKey('raw', ours.publicKey)
    const share = concat(uint(number, 2), vector(2, new Uint8Array(raw)))
    return { secret: new Uint8Array(secret), share }
  }
  return undefined
}
