import type { GnutlsLibrary } from './load-library.js'
import type { Address } from './symbols.js'

/**
 * What crosses between our memory and C's: always as a copy, and never as a view over memory that
 * is not ours.
 */
export class Memory {
  readonly #library: GnutlsLibrary
  readonly #copyIn: (to: ArrayBufferView, from: Address, size: number) => void
  readonly #copyOut: (to: Address, from: ArrayBufferView, size: number) => void

  /** Uses the C library of the process. */
  constructor(library: GnutlsLibrary) {
    this.#library = library
    const process = library.koffi.load(null)
    this.#copyIn = process.func('memcpy', 'void', ['void *', 'uintptr_t', 'size_t'])
    this.#copyOut = process.func('memcpy', 'void', ['uintptr_t', 'void *', 'size_t'])
  }

  /** The bytes at an address. */
  read(address: Address, size: number): Uint8Array {
    const bytes = new Uint8Array(size)
    this.readInto(bytes, address)
    return bytes
  }

  /** Fills `bytes` from an address. */
  readInto(bytes: ArrayBufferView, address: Address): void {
    // An empty array would arrive as NULL.
    if (bytes.byteLength > 0) this.#copyIn(bytes, address, bytes.byteLength)
  }

  /** Writes `bytes` to an address. */
  write(address: Address, bytes: ArrayBufferView): void {
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

  #contentOf(datum: BigUint64Array): Uint8Array {
    const [address = 0n, size = 0n] = datum
    // `size` is an unsigned int: the rest of its word is padding.
    return this.read(address, Number(size & 0xffff_ffffn))
  }
}

/** Bytes as a datum; an empty array would arrive as NULL. */
export function datum(bytes: Uint8Array): { readonly data: Uint8Array; readonly size: number } {
  return { data: bytes.length === 0 ? NOTHING : bytes, size: bytes.length }
}

/** Text as C has it. */
export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`)
}

const NOTHING = new Uint8Array(1)
