import {
  type Clock,
  type IoOptions,
  type MemoryDatagramSocket,
  memoryDatagramPair,
  systemClock,
} from '@tlsio/core'

/**
 * What happens to datagrams on their way, each by its share of them, 0 to 1. Without any of it they
 * arrive as they were sent.
 */
export interface DatagramFaults {
  /** The same seed makes the same choices for the same datagrams. Default 1. */
  readonly seed?: number | undefined
  /** Share that never arrives. */
  readonly loss?: number | undefined
  /** Share that arrives twice. */
  readonly duplicate?: number | undefined
  /** Share that arrives behind the next one; without a next one soon, late. */
  readonly reorder?: number | undefined
  /** Longest delay, in milliseconds; each gets its own, down to none. Default 0: at once. */
  readonly delay?: number | undefined
  /**
   * Which datagrams are lost whatever the shares: by their number, the first that an end sends is 0,
   * and the end, 0 or 1, as in the pair.
   */
  readonly drop?: ((number: number, datagram: Uint8Array, end: 0 | 1) => boolean) | undefined
  /** What delays are measured by. Default: the system's. */
  readonly clock?: Clock | undefined
}

/** One end of {@link faultyDatagramPair}, with what has been sent from it. */
export interface FaultyDatagramSocket extends MemoryDatagramSocket {
  /** Each datagram as it was sent, also one that was lost. */
  readonly sent: readonly Uint8Array[]
  /** How many of them were lost. */
  readonly lost: number
}

/**
 * Two datagram sockets like those of `memoryDatagramPair`, over a network that loses, doubles,
 * reorders and delays.
 */
export function faultyDatagramPair(
  faults: DatagramFaults = {},
): [FaultyDatagramSocket, FaultyDatagramSocket] {
  const [a, b] = memoryDatagramPair()
  const seed = faults.seed ?? 1
  return [new FaultySocket(a, 0, faults, seed), new FaultySocket(b, 1, faults, ~seed)]
}

class FaultySocket implements FaultyDatagramSocket {
  readonly #socket: MemoryDatagramSocket
  readonly #end: 0 | 1
  readonly #faults: DatagramFaults
  readonly #clock: Clock
  readonly #random: () => number
  readonly sent: Uint8Array[] = []
  lost = 0
  #heldBack: (() => void) | undefined

  constructor(socket: MemoryDatagramSocket, end: 0 | 1, faults: DatagramFaults, seed: number) {
    this.#socket = socket
    this.#end = end
    this.#faults = faults
    this.#clock = faults.clock ?? systemClock
    this.#random = randomFrom(seed)
  }

  async send(datagram: Uint8Array, options?: IoOptions): Promise<void> {
    const { loss = 0, duplicate = 0, reorder = 0, drop } = this.#faults
    // Each datagram takes as many numbers, so that one choice does not change the others.
    const [isLost, isDoubled, isReordered] = [loss, duplicate, reorder].map(
      (share) => this.#random() < share,
    )
    const delays = [this.#delay(), this.#delay()] as const
    const number = this.sent.push(datagram) - 1
    if (isLost || drop?.(number, datagram, this.#end) === true) {
      this.lost++
      return
    }
    const earlier = this.#heldBack
    this.#heldBack = undefined
    if (isReordered) this.#holdBack(() => this.#deliver(datagram, delays[0], options))
    else await this.#deliver(datagram, delays[0], options)
    earlier?.()
    if (isDoubled) await this.#deliver(datagram, delays[1], options)
  }

  receive(options?: IoOptions): Promise<Uint8Array> {
    return this.#socket.receive(options)
  }

  close(): Promise<void> {
    return this.#socket.close()
  }

  #delay(): number {
    return this.#random() * (this.#faults.delay ?? 0)
  }

  #holdBack(deliver: () => Promise<void>): void {
    let isDone = false
    const once = () => {
      if (!isDone) deliver().catch(() => {})
      isDone = true
    }
    this.#heldBack = once
    this.#clock.after(HELD_BACK, once)
  }

  async #deliver(datagram: Uint8Array, delay: number, options?: IoOptions): Promise<void> {
    if (delay === 0) return this.#socket.send(datagram, options)
    const copy = datagram.slice()
    // Who closes the socket meanwhile has sent it nevertheless.
    this.#clock.after(delay, () => this.#socket.send(copy).catch(() => {}))
  }
}

/** How long a datagram waits for the next one, in milliseconds. */
const HELD_BACK = 20

/** Numbers from 0 up to 1, the same for the same seed: the generator mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
