import type { IoOptions, SocketAddress } from '../streams/io-stream.js'

/**
 * A datagram transport with one peer: what a DTLS connection is made over. Datagrams keep their
 * borders; they may be lost, doubled, late and out of order.
 *
 * It belongs to whoever made it: DTLS never closes it, and stops listening to it when the connection
 * ends.
 *
 * @see GIO `GDatagramBased`
 */
export interface DatagramSocket {
  /**
   * Sends one datagram; resolves when the transport has taken it, which says nothing about its
   * arrival. A failure is this datagram's, or what became known of an earlier one: the next may work.
   *
   * @throws {@link IoError} `IO_MESSAGE_TOO_LARGE` if the transport cannot carry it, `IO_CLOSED` if the
   *   socket was closed, `IO_CONNECTION_REFUSED` if the peer's machine said that nobody listens.
   * @see GIO `g_datagram_based_send_messages()`
   */
  send(datagram: Uint8Array, options?: IoOptions): Promise<void>
  /**
   * The next datagram, whole. At most one may be pending; one that was given up takes nothing with it.
   * What nobody receives is dropped beyond some limit, the newest first.
   *
   * @throws {@link IoError} `IO_PENDING` if another is pending, `IO_CLOSED` if the socket was closed, or
   *   what broke it for good.
   * @see GIO `g_datagram_based_receive_messages()`
   */
  receive(options?: IoOptions): Promise<Uint8Array>
  /** Where the peer is, if the socket knows. */
  readonly remoteAddress?: SocketAddress | undefined
}
