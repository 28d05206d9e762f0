import { closed } from '../base/direction.js'
import { IoError } from '../errors.js'
import type { IoOptions } from '../streams/io-stream.js'
import { DatagramQueue } from './datagram-queue.js'
import type { DatagramSocket } from './datagram-socket.js'

/** One end of {@link memoryDatagramPair}. */
export interface MemoryDatagramSocket extends DatagramSocket {
  /**
   * Closes this end: its operations reject with `IO_CLOSED`, and what the other end sends is lost. Does
   * nothing a second time.
   */
  close(): Promise<void>
}

/**
 * Two datagram sockets: what is sent by one is received by the other, in order, as long as there are
 * no more than 64 KiB or 1,024 datagrams unreceived; what comes beyond is lost. For tests, and for
 * DTLS without a network.
 */
export function memoryDatagramPair(): [MemoryDatagramSocket, MemoryDatagramSocket] {
  const there = new DatagramQueue()
  const back = new DatagramQueue()
  return [new MemorySocket(back, there), new MemorySocket(there, back)]
}

class MemorySocket implements MemoryDatagramSocket {
  readonly #input: DatagramQueue
  readonly #output: DatagramQueue
  #closed = false

  constructor(input: DatagramQueue, output: DatagramQueue) {
    this.#input = input
    this.#output = output
  }

  async send(datagram: Uint8Array, { signal }: IoOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (this.#closed) throw closed('This socket')()
    if (datagram.length > MOST_BYTES) {
      throw new IoError(
        'IO_MESSAGE_TOO_LARGE',
        `A datagram has at most ${MOST_BYTES} bytes, not ${datagram.length}.`,
      )
    }
    this.#output.push(datagram.slice())
  }

  async receive(options: IoOptions = {}): Promise<Uint8Array> {
    const datagram = await this.#input.pull(options)
    if (datagram === null) throw closed('This socket')()
    return datagram
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#input.clear()
    this.#input.end({})
  }
}

/** What UDP over IPv4 carries (RFC 768, RFC 791). */
const MOST_BYTES = 65_507
