import { readAcceptedCas } from './certificate-request.js'
import { type HandshakeFragment, handshakeFragments } from './datagram-records.js'
import { Message } from './ffi/constants.js'

/**
 * What a {@link CertificateGate} is before a client over datagrams: it says with which of them a
 * certificate request becomes complete. They come in any order, in parts, twice, and from strangers; whatever
 * it does not understand it lets through, for libgnutls to judge.
 */
export class DatagramGate {
  readonly #parts = new Map<number, Reassembly>()
  #hasServerHello = false
  #isOpen = false

  /** Whether no request can follow: datagrams may be fed as they come. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether the server, or a stranger in its name, has said hello. */
  get hasServerHello(): boolean {
    return this.#hasServerHello
  }

  /**
   * Looks at the next datagram.
   *
   * @returns the names of a request that is complete with it, to be answered before it is fed;
   *   `undefined` if it may be fed at once.
   */
  look(datagram: Uint8Array): readonly Uint8Array[] | undefined {
    if (this.#isOpen) return undefined
    for (const fragment of handshakeFragments(datagram)) {
      if (fragment.type === Message.SERVER_HELLO) this.#hasServerHello = true
      if (fragment.type !== Message.CERTIFICATE_REQUEST) continue
      const body = this.#add(fragment)
      const names = body && readAcceptedCas(body, 'TLSv1.2')
      if (names === undefined) continue
      this.#isOpen = true
      this.#parts.clear()
      return names
    }
    return undefined
  }

  /** The whole message, if this was missing of it. */
  #add(fragment: HandshakeFragment): Uint8Array | undefined {
    const { sequence, length } = fragment
    if (length > LONGEST_REQUEST || sequence > LAST_OF_FLIGHT) return undefined
    let parts = this.#parts.get(sequence)
    if (parts?.length !== length) {
      parts = new Reassembly(length)
      this.#parts.set(sequence, parts)
    }
    return parts.add(fragment)
  }
}

/** A message of which parts have come (RFC 6347 §4.2.3). */
class Reassembly {
  readonly #bytes: Uint8Array
  readonly #isThere: Uint8Array
  #missing: number

  constructor(length: number) {
    this.#bytes = new Uint8Array(length)
    this.#isThere = new Uint8Array(length)
    this.#missing = length
  }

  get length(): number {
    return this.#bytes.length
  }

  /** The whole, once there is nothing missing. */
  add({ offset, bytes }: HandshakeFragment): Uint8Array | undefined {
    const end = offset + bytes.length
    if (end > this.length) return undefined
    this.#bytes.set(bytes, offset)
    for (let at = offset; at < end; at++) {
      if (this.#isThere[at] === 0) this.#missing--
      this.#isThere[at] = 1
    }
    return this.#missing === 0 ? this.#bytes : undefined
  }
}

/** More than any list of authorities; what a stranger can make us keep. */
const LONGEST_REQUEST = 32_768

/** A server's flight has HelloVerifyRequest and six messages at most (RFC 6347 §4.2.4). */
const LAST_OF_FLIGHT = 7
