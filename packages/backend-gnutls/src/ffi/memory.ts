import type { GnutlsLibrary } from './load-library.js'
import type { Address, TypedArray } from './symbols.js'

/**
 * What crosses between our memory and C's: always as a copy, and never as a view over memory that
 * is not ours.
 *
 * Nor does koffi get an object to make a struct of. It would ask for the properties of it, which fails in a
 * thread that is being ended, and koffi then goes on with whatever stood in its memory: the process dies.
 */
export class Memory {
  readonly #library: GnutlsLibrary
  readonly #copyIn: (to: TypedArray, from: Address, size: number) => void
  readonly #copyOut: (to: Address, from: TypedArray, size: number) => void
  readonly #allocate: (size: number) => Address
  readonly #free: (address: Address) => void

  /** Uses the C library of the process. */
  constructor(library: GnutlsLibrary) {
    this.#library = library
    const process = library.koffi.load(null)
    this.#copyIn = process.func('memcpy', 'void', ['void *', 'uintptr_t', 'size_t'])
    this.#copyOut = process.func('memcpy', 'void', ['uintptr_t', 'void *', 'size_t'])
    this.#allocate = process.func('malloc', 'uintptr_t', ['size_t'])
    this.#free = process.func('free', 'void', ['uintptr_t'])
  }

  /** The bytes at an address. */
  read(address: Address, size: number): Uint8Array {
    const bytes = new Uint8Array(size)
    this.readInto(bytes, address)
    return bytes
  }

  /** Fills `bytes` from an address. */
  readInto(bytes: TypedArray, address: Address): void {
    // An empty array would arrive as NULL.
    if (bytes.byteLength > 0) this.#copyIn(bytes, address, bytes.byteLength)
  }

  /** Writes `bytes` to an address. */
  write(address: Address, bytes: TypedArray): void {
    if (bytes.byteLength > 0) this.#copyOut(address, bytes, bytes.byteLength)
  }

  /** The bytes that the datum at an address points to. */
  readDatum(address: Address): Uint8Array {
    const datum = new BigUint64Array(2)
    this.readInto(datum, address)
    return this.#contentOf(datum)
  }

  /** The bytes of the datums that stand in a row at an address. */
  readDatums(address: Address, count: number): readonly Uint8Array[] {
    const datums = new BigUint64Array(2 * count)
    this.readInto(datums, address)
    return Array.from({ length: count }, (_, at) =>
      this.#contentOf(datums.subarray(2 * at, 2 * at + 2)),
    )
  }

  /** What a call leaves in a datum that stays the library's; `undefined` if it fails. */
  borrowed(call: (datum: BigUint64Array) => number): Uint8Array | undefined {
    const datum = new BigUint64Array(2)
    return call(datum) < 0 ? undefined : this.#contentOf(datum)
  }

  /** What a call leaves in a datum that is ours to free; `undefined` if it fails. */
  owned(call: (datum: BigUint64Array) => number): Uint8Array | undefined {
    const datum = new BigUint64Array(2)
    if (call(datum) < 0) return undefined
    try {
      return this.#contentOf(datum)
    } finally {
      this.#library.free(datum[0] as bigint)
    }
  }

  /** Lends bytes of ours as a `gnutls_datum_t`, for the length of a call; a zero stands behind them. */
  withDatum<T>(content: Uint8Array, call: (datum: Address) => T): T {
    return this.#lend([content], [], call)
  }

  /** Lends several of them in a row. */
  withDatums<T>(contents: readonly Uint8Array[], call: (datums: Address) => T): T {
    return this.#lend(contents, [], call)
  }

  /** Lends bytes of ours as a `gnutls_typed_vdata_st`. */
  withTypedDatum<T>(type: number, content: Uint8Array, call: (datum: Address) => T): T {
    return this.#lend([content], [BigInt(type)], call)
  }

  /** The structs, each of a few words, and then what they point to. It may be a secret: it is erased. */
  #lend<T>(
    contents: readonly Uint8Array[],
    firstWords: readonly bigint[],
    call: (structs: Address) => T,
  ): T {
    const words = firstWords.length + 2
    let at = contents.length * words * BigUint64Array.BYTES_PER_ELEMENT
    const block = new Uint8Array(contents.reduce((sum, { length }) => sum + length + 1, at))
    const structs = new BigUint64Array(block.buffer, 0, contents.length * words)
    const address = this.#allocate(block.length)
    if (BigInt(address) === 0n) throw new Error('There is no memory left.')
    for (const [index, content] of contents.entries()) {
      const struct = [...firstWords, BigInt(address) + BigInt(at), BigInt(content.length)]
      structs.set(struct, index * words)
      block.set(content, at)
      at += content.length + 1
    }
    try {
      this.write(address, block)
      return call(address)
    } finally {
      this.write(address, block.fill(0))
      this.#free(address)
    }
  }

  #contentOf(datum: BigUint64Array): Uint8Array {
    const [address = 0n, size = 0n] = datum
    // `size` is an unsigned int: the rest of its word is padding.
    return this.read(address, Number(size & 0xffff_ffffn))
  }
}
