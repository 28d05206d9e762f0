import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type forge from 'node-forge'
import { COUNT_SIZE, encodeCount } from './protocol.js'
import { rawForgeClient } from './raw-forge.js'

/**
 * forge's own client, driven straight on a `net.Socket` as forge's documentation shows it, and with
 * backpressure, which that leaves out.
 */
export class RawForgeClient {
  readonly #socket: Socket
  readonly #connection: forge.tls.Connection
  #receive: (plaintext: string) => void = () => {}
  #isFull = false

  private constructor(port: number) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const connection = rawForgeClient({
      send: (ciphertext) => {
        this.#isFull = !socket.write(ciphertext, 'latin1')
      },
      receive: (plaintext) => this.#receive(plaintext),
      connected: () => socket.emit(CONNECTED),
      closed: (error) => socket.destroy(error),
    })
    socket.once('connect', () => connection.handshake())
    socket.on('data', (chunk) => connection.process(chunk.toString('latin1')))
    this.#socket = socket
    this.#connection = connection
  }

  /** Connects; resolves when the handshake is over. */
  static async open(port: number): Promise<RawForgeClient> {
    const client = new RawForgeClient(port)
    await once(client.#socket, CONNECTED)
    return client
  }

  /** Asks for so many bytes, and counts what arrives until the peer ends. */
  async read(size: number): Promise<number> {
    let count = 0
    this.#receive = (plaintext) => {
      count += Buffer.from(plaintext, 'latin1').length
    }
    this.#connection.prepare(encodeCount(size).toString('latin1'))
    await once(this.#socket, 'close')
    return count
  }

  /** Writes `chunk` so many times; resolves with the count that the peer answers. */
  async write(chunk: Buffer, times: number): Promise<number> {
    let answer = ''
    this.#receive = (plaintext) => {
      answer += plaintext
    }
    this.#connection.prepare(encodeCount(chunk.length * times).toString('latin1'))
    for (let left = times; left > 0; left--) {
      this.#connection.prepare(chunk.toString('latin1'))
      if (this.#isFull) await once(this.#socket, 'drain')
    }
    await once(this.#socket, 'close')
    return Buffer.from(answer, 'latin1').readUIntBE(0, COUNT_SIZE)
  }
}

const CONNECTED = 'secureConnect'
