import type { Socket } from 'node:dgram'
import { DatagramQueue } from '../datagram/datagram-queue.js'
import { type DatagramSocket, IoError, type IoOptions, type SocketAddress } from '../index.js'
import { ioErrorFrom } from './errors.js'
import { type DgramPurpose, openDgramSocket } from './open-dgram-socket.js'

/** A {@link DatagramSocket} over UDP, which whoever made it closes. */
export interface UdpSocket extends DatagramSocket {
  /** Closes it; operations reject with `IO_CLOSED`. Does nothing a second time. */
  close(): Promise<void>
}

/** Options of {@link connectUdp}. */
export interface ConnectUdpOptions {
  /** Host name or IP address. */
  readonly host: string
  /** Port, 1 to 65535. */
  readonly port: number
  /** Gives it up; of no effect once it has succeeded. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes a UDP socket that sends to one address and receives from that alone. Nothing is sent.
 *
 * @throws {@link IoError} `IO_HOST_NOT_FOUND`, `IO_HOST_UNREACHABLE` or `IO_FAILED`; an abort rejects with
 *   `signal.reason`.
 * @throws RangeError if `port` is no port.
 * @see GIO `g_socket_connect()` of a datagram socket
 */
export async function connectUdp({ host, port, signal }: ConnectUdpOptions): Promise<UdpSocket> {
  const purpose: DgramPurpose = {
    host,
    doing: `Connecting to ${host} port ${port}`,
    event: 'connect',
    begin: (socket, address) => socket.connect(port, address),
  }
  return new DgramSocket(await openDgramSocket(purpose, signal))
}

/**
 * Makes a {@link DatagramSocket} of one of Node's that is connected; it stays the caller's to close.
 * Its datagrams belong to this from now on.
 *
 * That nobody listens at the peer's address (ICMP) is what the next `send` rejects with, once.
 *
 * @throws TypeError if it is not connected.
 */
export function fromDgramSocket(socket: Socket): DatagramSocket {
  return new DgramSocket(socket)
}

class DgramSocket implements UdpSocket {
  readonly remoteAddress: SocketAddress
  readonly #socket: Socket
  readonly #queue = new DatagramQueue()
  #isClosed = false
  #failure: { readonly error: unknown } | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.remoteAddress = remoteAddressOf(socket)
    socket.on('message', (datagram) => this.#queue.push(datagram))
    socket.on('error', (error) => {
      this.#failure = { error: ioErrorFrom(error, 'Sending an earlier datagram') }
    })
    socket.on('close', () => {
      this.#isClosed = true
      this.#queue.clear()
      this.#queue.end({ error: closed() })
    })
  }

  async send(datagram: Uint8Array, { signal }: IoOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw closed()
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.error
    await sendOver(this.#socket, datagram)
  }

  async receive(options: IoOptions = {}): Promise<Uint8Array> {
    const datagram = await this.#queue.pull(options)
    if (datagram === null) throw closed()
    return datagram
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await new Promise<void>((resolve) => this.#socket.close(resolve))
  }
}

/** Sends one datagram, to `to` or where the socket is connected to; its errors are {@link IoError}s. */
export function sendOver(
  socket: Socket,
  datagram: Uint8Array,
  to?: { readonly port: number; readonly address: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null) => {
      if (error === null) resolve()
      else reject(ioErrorFrom(error, 'Sending a datagram'))
    }
    try {
      if (to === undefined) socket.send(datagram, done)
      else socket.send(datagram, to.port, to.address, done)
    } catch (error) {
      reject(ioErrorFrom(error, 'Sending a datagram'))
    }
  })
}

/** An address as it is told, without its zone. */
export function withoutZone(address: string): string {
  return address.replace(/%.*$/, '')
}

function remoteAddressOf(socket: Socket): SocketAddress {
  try {
    const { address, port } = socket.remoteAddress()
    return { address: withoutZone(address), port }
  } catch (cause) {
    throw new TypeError('The socket has to be connected to its peer before.', { cause })
  }
}

function closed(): IoError {
  return new IoError('IO_CLOSED', 'This socket is closed.')
}
