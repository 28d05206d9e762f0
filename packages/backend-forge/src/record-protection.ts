import { concat } from '@tlsio/core/wire'
import { type Awaitable, allReady, whenReady } from './awaitable.js'
import type { CipherProvider } from './ciphers/cipher-provider.js'
import { Alert, FatalAlert } from './fatal-alert.js'

/** The keys of one direction (RFC 4346 §6.3). */
export interface DirectionKeys {
  readonly macKey: Uint8Array
  readonly key: Uint8Array
  /** Only TLS 1.0 derives one; 1.1 sends one with each record. */
  readonly iv: Uint8Array | undefined
}

/** What both directions of AES-CBC with HMAC-SHA-1 have in common. */
abstract class RecordProtection {
  /** Minor version: 1 is TLS 1.0, 2 is TLS 1.1. */
  protected readonly minor: number
  readonly #mac: (...parts: readonly Uint8Array[]) => Awaitable<Uint8Array>
  /** Sequence number, type, version and length: what is authenticated before the fragment. */
  readonly #header = new DataView(new ArrayBuffer(13))
  #sequence = 0n

  constructor(ciphers: CipherProvider, { macKey }: DirectionKeys, minor: number) {
    this.minor = minor
    this.#mac = ciphers.hmacSha1(macKey)
  }

  /** The number of the next record. */
  protected nextSequence(): bigint {
    return this.#sequence++
  }

  /** The MAC of a fragment (RFC 4346 §6.2.3.1). */
  protected mac(sequence: bigint, type: number, fragment: Uint8Array): Awaitable<Uint8Array> {
    const header = this.#header
    header.setBigUint64(0, sequence)
    header.setUint8(8, type)
    header.setUint16(9, 0x0300 | this.minor)
    header.setUint16(11, fragment.length)
    return this.#mac(new Uint8Array(header.buffer), fragment)
  }
}

/** Protects the records of our direction. */
export class RecordSealer extends RecordProtection {
  readonly #encrypt: (blocks: Uint8Array) => Awaitable<Uint8Array>

  constructor(ciphers: CipherProvider, keys: DirectionKeys, minor: number) {
    super(ciphers, keys, minor)
    this.#encrypt = ciphers.cbcEncryptor(keys.key, keys.iv ?? randomBytes(BLOCK))
  }

  /**
   * Protects fragments of at most 16,384 bytes: what comes after the header of each record. All are
   * encrypted at once, since each record goes on where the one before ended; so the next call has to
   * wait for the result.
   */
  seal(type: number, fragments: readonly Uint8Array[]): Awaitable<readonly Uint8Array[]> {
    const macs = fragments.map((fragment) => this.mac(this.nextSequence(), type, fragment))
    return whenReady(allReady(macs), (macs) => this.#sealWith(macs, fragments))
  }

  #sealWith(
    macs: readonly Uint8Array[],
    fragments: readonly Uint8Array[],
  ): Awaitable<readonly Uint8Array[]> {
    const prefix = this.minor === 1 ? 0 : BLOCK
    // A random block that is encrypted along, and thrown away by the peer, makes the initialisation
    // vector unpredictable (RFC 4346 §6.2.3.2, (2)(b)).
    const random = randomBytes(prefix * fragments.length)
    const parts = fragments.flatMap((fragment, index) => [
      random.subarray(prefix * index, prefix * (index + 1)),
      fragment,
      macs[index] as Uint8Array,
      paddingFor(fragment),
    ])
    return whenReady(this.#encrypt(concat(...parts)), (encrypted) => {
      let end = 0
      return fragments.map((fragment) => {
        const start = end
        end += prefix + fragment.length + MAC + paddingFor(fragment).length
        return encrypted.subarray(start, end)
      })
    })
  }
}

/** Opens the records of the peer's direction. */
export class RecordOpener extends RecordProtection {
  readonly #decrypt: (blocks: Uint8Array) => Awaitable<Uint8Array>
  readonly #hash: (...parts: readonly Uint8Array[]) => Awaitable<Uint8Array>

  constructor(ciphers: CipherProvider, keys: DirectionKeys, minor: number) {
    super(ciphers, keys, minor)
    this.#decrypt = ciphers.cbcDecryptor(keys.key, keys.iv ?? new Uint8Array(BLOCK))
    this.#hash = ciphers.hmacSha1(keys.macKey)
  }

  /**
   * The fragment of a record, a view of what was decrypted. Several may be under way: their order is
   * that of the calls.
   *
   * Whatever is wrong, the peer learns one alert only, and as far as JavaScript allows in the same
   * time: the MAC is computed over what there would be without padding if the padding is bad, and
   * what the padding took away is hashed besides (RFC 4346 §6.2.3.2; Lucky Thirteen).
   *
   * @throws {@link FatalAlert} `bad_record_mac` if it was changed, `record_overflow` if it is longer
   *   than allowed.
   */
  open(type: number, protectedFragment: Uint8Array): Awaitable<Uint8Array> {
    const prefix = this.minor === 1 ? 0 : BLOCK
    const { length } = protectedFragment
    if (length % BLOCK !== 0 || length < prefix + MINIMUM) throw badRecord()
    const sequence = this.nextSequence()
    return whenReady(this.#decrypt(protectedFragment), (decrypted) =>
      this.#verify(sequence, type, decrypted.subarray(prefix)),
    )
  }

  #verify(sequence: bigint, type: number, content: Uint8Array): Awaitable<Uint8Array> {
    const padding = content[content.length - 1] ?? 0
    const most = content.length - MAC - 1
    let wrong = padding > most ? 1 : 0
    // Each byte of the padding is the number of the others; all that there can be are looked at.
    const looked = Math.min(255, most)
    for (let back = 1; back <= looked; back++) {
      const isPadding = back <= padding ? 1 : 0
      wrong |= isPadding & (content[content.length - 1 - back] === padding ? 0 : 1)
    }
    const end = most - (wrong === 0 ? padding : 0)
    const fragment = content.subarray(0, end)
    const hashes = [this.mac(sequence, type, fragment), this.#hash(content.subarray(end))]
    return whenReady(allReady(hashes), ([first]) => {
      const mac = first as Uint8Array
      for (let at = 0; at < MAC; at++) wrong |= (mac[at] as number) ^ (content[end + at] as number)
      if (wrong !== 0) throw badRecord()
      if (end > MAX_FRAGMENT) {
        throw new FatalAlert(Alert.RECORD_OVERFLOW, `The peer sent a record of ${end} bytes.`)
      }
      return fragment
    })
  }
}

/** Most bytes of plaintext in a record (RFC 4346 §6.2.1). */
export const MAX_FRAGMENT = 16_384

const BLOCK = 16
const MAC = 20
/** A MAC and one byte of padding, in whole blocks. */
const MINIMUM = 32

/** What fills the last block: at least one byte, each the number of the others. */
function paddingFor({ length }: Uint8Array): Uint8Array {
  const padding = BLOCK - ((length + MAC) % BLOCK)
  return new Uint8Array(padding).fill(padding - 1)
}

function badRecord(): FatalAlert {
  return new FatalAlert(Alert.BAD_RECORD_MAC, 'The peer sent a damaged record.')
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
