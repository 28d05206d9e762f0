import { DuplexWriter } from './duplex-writer.js'

/**
 * Writes to a socket of Node, and lets others have their turn in between. A socket takes what it is given at
 * once for as long as its peer keeps up: who writes on and on would then never wait, and timers, other
 * connections and what the peer says would wait for it, 10 to 66 ms as measured with TLS and a peer on loopback.
 */
export class SocketWriter extends DuplexWriter {
  /** Bytes since others last got a turn of ours; what they had besides is not known. */
  #sinceTurn = 0

  override write(chunk: Uint8Array): Promise<void> {
    return this.#share(super.write(chunk), chunk.length)
  }

  override writeThrough(chunk: Uint8Array): Promise<void> {
    return this.#share(super.writeThrough(chunk), chunk.length)
  }

  #share(taken: Promise<void>, size: number): Promise<void> {
    this.#sinceTurn += size
    if (this.#sinceTurn < MOST_IN_A_TURN) return taken
    this.#sinceTurn = 0
    return taken.then(nextTurn)
  }
}

/**
 * Bytes after which others get their turn: a millisecond with encryption. A turn after each 64 KiB cost 5 to
 * 10 % of the processor time of writing.
 */
const MOST_IN_A_TURN = 1_048_576

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
