/** What came from the peer and was not taken yet. */
export class Incoming {
  readonly #chunks: Uint8Array[] = []
  #size = 0

  /** How many bytes there are. */
  get size(): number {
    return this.#size
  }

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  /** Comes before all that there is. */
  putBack(chunk: Uint8Array): void {
    this.#chunks.unshift(chunk)
    this.#size += chunk.length
  }

  /** The next bytes, 1 to `most`; `undefined` if there are none. */
  take(most: number): Uint8Array | undefined {
    const [first] = this.#chunks
    if (first === undefined) return undefined
    const bytes = first.length > most ? first.subarray(0, most) : first
    if (bytes === first) this.#chunks.shift()
    else this.#chunks[0] = first.subarray(most)
    this.#size -= bytes.length
    return bytes
  }
}

/** What is to be sent: as few chunks as can be, for each is a write to the stream. */
export class Outgoing {
  readonly #chunks: Uint8Array[] = []
  #open: Uint8Array = NONE
  #used = 0

  /** Makes room for what is known to come. */
  expect(size: number): void {
    if (this.#open.length - this.#used < size) this.#renew(size)
  }

  /** Where to put the next `size` bytes. */
  reserve(size: number): Uint8Array {
    this.expect(size)
    const room = this.#open.subarray(this.#used, this.#used + size)
    this.#used += size
    return room
  }

  /** Reserves as much for what `write` makes; if that fails, nothing of it is sent. */
  fill(size: number, write: (room: Uint8Array) => void): void {
    const room = this.reserve(size)
    try {
      write(room)
    } catch (error) {
      this.#used -= size
      throw error
    }
  }

  /** The next chunk, its taker's from now on, unless that {@link giveBack gives it back}. */
  take(): Uint8Array | undefined {
    this.#renew(0)
    return this.#chunks.shift()
  }

  #renew(size: number): void {
    if (this.#used > 0) this.#chunks.push(this.#open.subarray(0, this.#used))
    this.#open = size === 0 ? NONE : roomOf(Math.max(size, LEAST_ROOM))
    this.#used = 0
  }
}

/** Memory of a chunk that has left: it has only ciphertext in it, and the next one is written faster to it. */
export function giveBack(chunk: Uint8Array): void {
  if (spares.length < MOST_SPARES) spares.push(new Uint8Array(chunk.buffer))
}

/** A spare one, if it is not much too large. */
function roomOf(size: number): Uint8Array {
  const at = spares.findIndex(({ length }) => length >= size && length <= 2 * size)
  return at === -1 ? uninitialized(size) : (spares.splice(at, 1)[0] as Uint8Array)
}

/** Of all connections of the thread: one that says nothing more keeps none. */
const spares: Uint8Array[] = []

/** As many as write at once, on a busy day; each has 64 KiB and some. */
const MOST_SPARES = 8

/** Bytes that are written before they are read; an array of their own, which may be transferred. */
export function uninitialized(size: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
}

/** Room for a flight of a handshake, whose records are pushed one by one. */
const LEAST_ROOM = 2048

const NONE = new Uint8Array(0)
