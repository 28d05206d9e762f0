import type { SocketAddress } from '../streams/io-stream.js'

/** What {@link DtlsCookies} makes of a datagram. */
export type DtlsCookieVerdict =
  | {
      /** A ClientHello with a good cookie: the client receives at its address. */
      readonly kind: 'verified'
      /** For the engine that takes the hello; opaque to core. */
      readonly state?: unknown
    }
  | {
      /** A ClientHello without one. */
      readonly kind: 'challenge'
      /** HelloVerifyRequest to send back: one datagram. */
      readonly answer: Uint8Array
    }
  | {
      /** No ClientHello: nobody answers. */
      readonly kind: 'ignored'
    }

/**
 * The cookie exchange of a backend's DTLS servers: a client shows that it receives at its address
 * before anything is kept for it, or much is sent to it. Beyond GIO.
 *
 * @see RFC 6347 §4.2.1
 */
export interface DtlsCookies {
  /**
   * Looks at a datagram from an address that nothing is known of. It keeps nothing, does not throw, and
   * says the same again of the same datagram for as long as a cookie is good.
   *
   * @param datagram - as it came; not to be kept or changed.
   * @param peer - text that stands for the address, from {@link datagramPeerName}.
   */
  check(datagram: Uint8Array, peer: string): DtlsCookieVerdict
}

/** What a cookie is bound to: address and port as text, nothing if the socket does not know. */
export function datagramPeerName(address: SocketAddress | undefined): string {
  return address === undefined ? '' : `${address.address} ${address.port}`
}
