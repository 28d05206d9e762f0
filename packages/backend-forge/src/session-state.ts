import { concat } from '@tlsio/core/wire'

/** What a session is resumed with (RFC 4346 §F.1.4). Secret. */
export interface ForgeSession {
  /** 1 to 32 bytes. */
  readonly id: Uint8Array
  /** Minor version. */
  readonly minor: number
  /** Number of the cipher suite. */
  readonly cipherSuite: number
  readonly masterSecret: Uint8Array
  /** DER of the peer's certificates, leaf first: a server has to know its client again. */
  readonly peerChain: readonly Uint8Array[]
}

/** A session as bytes. */
export function encodeSession(session: ForgeSession): Uint8Array {
  const { id, minor, cipherSuite, masterSecret, peerChain } = session
  return concat(
    Uint8Array.of(FORMAT, minor, cipherSuite >> 8, cipherSuite & 0xff),
    vector(1, id),
    vector(1, masterSecret),
    ...peerChain.map((der) => vector(3, der)),
  )
}

/** The inverse; `undefined` for anything that {@link encodeSession} has not made. */
export function decodeSession(data: Uint8Array): ForgeSession | undefined {
  const [format, minor, high = 0, low = 0] = data
  if (format !== FORMAT || (minor !== 1 && minor !== 2)) return undefined
  const vectors: Uint8Array[] = []
  for (let at = 4; at < data.length; ) {
    const prefix = vectors.length < 2 ? 1 : 3
    if (at + prefix > data.length) return undefined
    const length = data.subarray(at, at + prefix).reduce((sum, byte) => sum * 256 + byte, 0)
    at += prefix
    if (at + length > data.length) return undefined
    vectors.push(data.slice(at, at + length))
    at += length
  }
  const [id, masterSecret, ...peerChain] = vectors
  if (id === undefined || id.length < 1 || id.length > 32) return undefined
  if (masterSecret?.length !== MASTER_SECRET) return undefined
  return { id, minor, cipherSuite: (high << 8) | low, masterSecret, peerChain }
}

function vector(prefix: number, bytes: Uint8Array): Uint8Array {
  const length = Uint8Array.from(
    { length: prefix },
    (_, at) => bytes.length >> (8 * (prefix - 1 - at)),
  )
  return concat(length, bytes)
}

const FORMAT = 1
const MASTER_SECRET = 48
