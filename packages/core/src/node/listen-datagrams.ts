import type { RemoteInfo, Socket } from 'node:dgram'
import { DatagramQueue } from '../datagram/datagram-queue.js'
import { datagramPeerName } from '../datagram/dtls-cookies.js'
import type { DatagramSocket, DtlsCookies, IoOptions, SocketAddress } from '../index.js'
import { IoError } from '../index.js'
import { parseDatagramHello } from '../wire/datagram-hello.js'
import { sendOver, withoutZone } from './dgram-socket.js'
import { ioErrorFrom } from './errors.js'
import { type DgramPurpose, openDgramSocket } from './open-dgram-socket.js'

/** Options of {@link listenDatagrams}. */
export interface ListenDatagramsOptions {
  /**
   * Host name or IP address to listen on. Default `127.0.0.1`; `::` is every one of this machine.
   */
  readonly host?: string | undefined
  /** Port, or 0 for a free one. */
  readonly port: number
  /**
   * The backend's cookie exchange ({@link TlsBackend.dtlsCookies}): nothing is kept for an address
   * before it has shown that it receives there. `null` leaves it out: then anybody can fill `maxPeers`
   * with addresses that are not theirs.
   */
  readonly cookies: DtlsCookies | null
  /** Most peers at a time; the hellos of others are dropped. Default 1,024. */
  readonly maxPeers?: number | undefined
  /** Gives up listening, whenever it aborts; the peers already taken go on. */
  readonly signal?: AbortSignal | undefined
  /** Hears what `onPeer` threw or rejected with, and errors of the socket. Default: nobody does. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** A UDP socket that listens for DTLS clients. */
export interface DatagramListener extends AsyncDisposable {
  /** Where it listens. */
  readonly address: SocketAddress
  /** The port of that address. */
  readonly port: number
  /** How many peers there are. */
  readonly peers: number
  /**
   * Takes no more peers. Those already taken go on, and the UDP socket closes with the last of them.
   * Does nothing a second time.
   */
  close(): Promise<void>
}

/**
 * Listens for DTLS clients on one UDP socket, and tells them apart by their address. A peer begins with a
 * ClientHello, with a good cookie where there are `cookies`; whatever else comes from an address that
 * nothing is known of is dropped.
 *
 * ```ts
 * const cookies = backend.dtlsCookies
 * const listener = await listenDatagrams({ port: 5684, cookies }, async (socket) => {
 *   await using connection = backend.createDtlsServerConnection(socket, { certificate })
 *   for (let m = await connection.receive(); m !== null; m = await connection.receive()) {
 *     await connection.send(m)
 *   }
 * })
 * ```
 *
 * @param onPeer - gets a socket for each peer, whose first datagram is that ClientHello. The peer is
 *   forgotten when what it returns settles, and its socket closed, so an end that may never come needs a
 *   `signal` there; what it throws, or rejects with, is
 *   told to `onError`.
 * @throws {@link IoError} `IO_HOST_NOT_FOUND`, or `IO_FAILED` with the cause, for example when the
 *   port is taken; an abort rejects with `signal.reason`.
 * @throws RangeError if `port` or `maxPeers` is out of range.
 */
export async function listenDatagrams(
  options: ListenDatagramsOptions,
  onPeer: (socket: DatagramSocket) => unknown,
): Promise<DatagramListener> {
  const { host = '127.0.0.1', port, maxPeers = 1024, signal } = options
  if (!(maxPeers >= 1)) throw new RangeError(`maxPeers is at least 1, not ${maxPeers}.`)
  const purpose: DgramPurpose = {
    host,
    doing: `Listening on ${host} port ${port}`,
    event: 'listening',
    begin: (socket, address) => socket.bind(port, address),
  }
  const socket = await openDgramSocket(purpose, signal)
  return new Listener(socket, { ...options, maxPeers }, onPeer)
}

class Listener implements DatagramListener {
  readonly address: SocketAddress
  readonly #socket: Socket
  readonly #options: ListenDatagramsOptions & { readonly maxPeers: number }
  readonly #onPeer: (socket: DatagramSocket) => unknown
  readonly #peers = new Map<string, PeerSocket>()
  #closed = false

  constructor(
    socket: Socket,
    options: ListenDatagramsOptions & { readonly maxPeers: number },
    onPeer: (socket: DatagramSocket) => unknown,
  ) {
    const { address, port } = socket.address()
    this.address = { address, port }
    this.#socket = socket
    this.#options = options
    this.#onPeer = onPeer
    socket.on('message', (datagram, from) => this.#take(datagram, from))
    socket.on('error', (error) => options.onError?.(ioErrorFrom(error, 'Taking a datagram')))
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get port(): number {
    return this.address.port
  }

  get peers(): number {
    return this.#peers.size
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    if (this.#peers.size === 0) this.#socket.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  readonly #onAbort = (): void => void this.close()

  #take(datagram: Uint8Array, from: RemoteInfo): void {
    const remoteAddress = { address: withoutZone(from.address), port: from.port }
    const name = `${from.address} ${from.port}`
    const known = this.#peers.get(name)
    if (known !== undefined) known.push(datagram)
    else if (!this.#closed && this.#isWelcome(datagram, remoteAddress, from)) {
      const peer = new PeerSocket(this.#socket, from, remoteAddress)
      this.#peers.set(name, peer)
      peer.push(datagram)
      void this.#serve(peer, name)
    }
  }

  /** Whether a stranger is a client that receives at its address. */
  #isWelcome(datagram: Uint8Array, address: SocketAddress, from: RemoteInfo): boolean {
    const { cookies, maxPeers } = this.#options
    if (this.#peers.size >= maxPeers || parseDatagramHello(datagram) === undefined) return false
    const verdict = cookies?.check(datagram, datagramPeerName(address)) ?? { kind: 'verified' }
    // A client that does not get it asks again.
    if (verdict.kind === 'challenge') sendOver(this.#socket, verdict.answer, from).catch(() => {})
    return verdict.kind === 'verified'
  }

  async #serve(peer: PeerSocket, name: string): Promise<void> {
    try {
      await this.#onPeer(peer)
    } catch (error) {
      this.#options.onError?.(error)
    } finally {
      peer.end()
      this.#peers.delete(name)
      if (this.#closed && this.#peers.size === 0) this.#socket.close()
    }
  }
}

/** One peer of a socket that has many. */
class PeerSocket implements DatagramSocket {
  readonly remoteAddress: SocketAddress
  readonly #socket: Socket
  readonly #to: RemoteInfo
  readonly #queue = new DatagramQueue()
  #ended = false

  constructor(socket: Socket, to: RemoteInfo, remoteAddress: SocketAddress) {
    this.#socket = socket
    this.#to = to
    this.remoteAddress = remoteAddress
  }

  push(datagram: Uint8Array): void {
    this.#queue.push(datagram)
  }

  end(): void {
    this.#ended = true
    this.#queue.clear()
    this.#queue.end({})
  }

  async send(datagram: Uint8Array, { signal }: IoOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (this.#ended) throw forgotten()
    await sendOver(this.#socket, datagram, this.#to)
  }

  async receive(options: IoOptions = {}): Promise<Uint8Array> {
    const datagram = await this.#queue.pull(options)
    if (datagram === null) throw forgotten()
    return datagram
  }
}

function forgotten(): IoError {
  return new IoError('IO_CLOSED', 'This socket is closed: its peer is no longer served.')
}
