import { readAcceptedCas } from './certificate-request.js'
import { type HandshakeFragment, handshakeFragments } from './datagram-records.js'
import { Message } from './ffi/constants.js'

/**
 * What a {@link CertificateGate} is before a client over datagrams: it says with which of them a
 * certificate request becomes complete. They come in any order, in parts, twice, and from strangers; whatever
 * it does not understand it lets through, for libgnutls to judge. What it took for the request has to be
 * compared with what libgnutls takes for it.
 */
export class DatagramGate {
  readonly #parts = new Map<number, Reassembly>()
  /** Message number of the ServerHello. */
  #helloAt: number | undefined
  #isOpen = false

  /** Whether no request can follow: datagrams may be fed as they come. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether the server, or a stranger in its name, has said hello. */
  get hasServerHello(): boolean {
    return this.#helloAt !== undefined
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
      if (fragment.type === Message.SERVER_HELLO) this.#helloAt ??= fragment.sequence
      else if (fragment.type === Message.CERTIFICATE_REQUEST) this.#add(fragment)
    }
    const names = this.#request()
    this.#isOpen = names !== undefined
    return names
  }

  /** Whatever comes first: the hello may come behind the request. */
  #add(fragment: HandshakeFragment): void {
    const { sequence, length } = fragment
    if (length > LONGEST_REQUEST || sequence > LAST_OF_FLIGHT) return
    let parts = this.#parts.get(sequence)
    if (parts?.length !== length) {
      parts = new Reassembly(length)
      this.#parts.set(sequence, parts)
    }
    parts.add(fragment)
  }

  /** The names of one that is whole, and stands where the hello lets it stand. */
  #request(): readonly Uint8Array[] | undefined {
    if (this.#helloAt === undefined) return undefined
    for (const [sequence, { whole }] of this.#parts) {
      const place = sequence - this.#helloAt
      if (whole === undefined || place < FIRST_PLACE || place > LAST_PLACE) continue
      const names = readAcceptedCas(whole, 'TLSv1.2')
      if (names !== undefined) return names
    }
    return undefined
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

  /** The message, once there is nothing missing. */
  get whole(): Uint8Array | undefined {
    return this.#missing === 0 ? this.#bytes : undefined
  }

  add({ offset, bytes }: HandshakeFragment): void {
    const end = offset + bytes.length
    if (end > this.length) return
    this.#bytes.set(bytes, offset)
    for (let at = offset; at < end; at++) {
      if (this.#isThere[at] === 0) this.#missing--
      this.#isThere[at] = 1
    }
  }
}

/** More than any list of authorities; what a stranger can make us keep. */
const LONGEST_REQUEST = 32_768

/** A server's flight has HelloVerifyRequest and six messages at most (RFC 6347 §4.2.4). */
const LAST_OF_FLIGHT = 7

/** Behind the ServerHello: a certificate, a staple and a key exchange may come before (RFC 5246 §7.3). */
const FIRST_PLACE = 1
const LAST_PLACE = 4
