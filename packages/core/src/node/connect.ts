import { lookup as lookupAddresses } from 'node:dns/promises'
import { isIP } from 'node:net'
import { abortable } from '../base/abortable.js'
import {
  type ClientConnectionOptions,
  getDefaultBackend,
  IoError,
  type IoStream,
  type SocketAddress,
  type TlsBackend,
  type TlsClientConnection,
} from '../index.js'
import { connectTcp } from './connect-tcp.js'
import { ioErrorFrom } from './errors.js'

/**
 * How far {@link connect} has come, in this order; from `connecting` on once more for each address
 * that is tried. `tls-handshaked` only after a handshake that succeeded, `complete` always, last
 * and once.
 *
 * @see GIO `GSocketClientEvent`
 */
export type ConnectPhase =
  | 'resolving'
  | 'resolved'
  | 'connecting'
  | 'connected'
  | 'tls-handshaking'
  | 'tls-handshaked'
  | 'complete'

/** A step of {@link connect}. */
export interface ConnectEvent {
  /** Which one. */
  readonly phase: ConnectPhase
  /** The address that is being tried; `undefined` before and after that. */
  readonly address?: SocketAddress | undefined
  /**
   * What is being made, once it exists: a TCP stream when `connected`, the TLS connection from
   * `tls-handshaking` on. When `complete`: the result, or `null` if there is none.
   */
  readonly connection?: IoStream | TlsClientConnection | null | undefined
}

/** One of the addresses of a host. */
export type HostAddress = Pick<SocketAddress, 'address'>

/** What both kinds of {@link connect} take. */
export interface ConnectOptions {
  /** Host name or IP address: whom the caller means, whatever its addresses are. */
  readonly host: string
  /** Port, 1 to 65535. */
  readonly port: number
  /** Gives up, in every phase; of no effect once the result is there. */
  readonly signal?: AbortSignal | undefined
  /** Hears of each step. What it throws ends the attempt. Default: nobody does. */
  readonly on?: ((event: ConnectEvent) => void) | undefined
  /**
   * Finds the addresses of a host, the one to try first at the beginning. Default: the platform's
   * (`dns.lookup`).
   */
  readonly lookup?: ((host: string) => Promise<readonly HostAddress[]>) | undefined
}

/** Options of {@link connect} with TLS. */
export interface TlsConnectOptions extends ConnectOptions {
  /**
   * Settings of the TLS connection. Its `serverIdentity` is, unless given here, the host and port
   * above. Default `true`: no settings.
   */
  readonly tls?: true | ClientConnectionOptions | undefined
  /** Speaks TLS. Default: `getDefaultBackend()`. */
  readonly backend?: TlsBackend | undefined
  /**
   * Called with each connection before its handshake, and awaited: the place for settings that are
   * properties, listeners, or `copySessionState`. What it throws ends the attempt.
   */
  readonly configure?: ((connection: TlsClientConnection) => unknown) | undefined
}

/** Options of {@link connect} without TLS. */
export interface PlainConnectOptions extends ConnectOptions {
  /** No TLS: everybody on the way can read and change what is sent. */
  readonly tls: false
}

/**
 * Connects to a host by TCP, and by TLS on top of that, handshake included.
 *
 * The addresses of the host are tried one after the other; one at which TLS fails is given up like
 * one that does not answer. If none works, the error is the one of the attempt that came furthest
 * (TLS before TCP), the last of several.
 *
 * @returns the TLS connection itself; the caller closes it.
 * @throws {@link TlsError} as `handshake` and `createClientConnection`.
 * @throws {@link IoError} `IO_HOST_NOT_FOUND`, and as {@link connectTcp}.
 * @throws RangeError if `port` is no port.
 * @throws an abort rejects with `signal.reason`, whatever else went wrong.
 * @see GIO `g_socket_client_connect_to_host_async()`, `GSocketClient:tls`, `GSocketClient::event`
 */
export function connect(options: TlsConnectOptions): Promise<TlsClientConnection>
/** Connects to a host by TCP alone, with the same steps. */
export function connect(options: PlainConnectOptions): Promise<IoStream>
export async function connect(
  options: TlsConnectOptions | PlainConnectOptions,
): Promise<IoStream | TlsClientConnection> {
  const { host, port, signal } = options
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new RangeError(`The port must be 1 to 65535, not ${port}.`)
  }
  if (typeof host !== 'string' || host === '') throw new TypeError('The host must not be empty.')
  signal?.throwIfAborted()
  const attempt = new Attempt(options)
  let result: IoStream | undefined
  try {
    result = await attempt.run()
    attempt.tell({ phase: 'complete', connection: result })
    return result
  } catch (error) {
    result?.abort(error)
    if (result === undefined) attempt.tell({ phase: 'complete', connection: null })
    signal?.throwIfAborted()
    throw error
  }
}

/** One call of {@link connect}. */
class Attempt {
  readonly #options: TlsConnectOptions | PlainConnectOptions
  #failure: { readonly error: unknown; readonly inTls: boolean } | undefined
  #callerFailed = false

  constructor(options: TlsConnectOptions | PlainConnectOptions) {
    this.#options = options
  }

  /** Tells the caller of a step. */
  tell(event: ConnectEvent): void {
    try {
      this.#options.on?.(event)
    } catch (error) {
      this.#callerFailed = true
      throw error
    }
  }

  async run(): Promise<IoStream> {
    const { host, port, signal } = this.#options
    for (const { address } of await this.#resolve()) {
      const stream = await this.#connectTcp({ address, port })
      const result = stream && (await this.#connectTls(stream, { address, port }))
      if (result !== undefined) return result
      signal?.throwIfAborted()
    }
    throw this.#failure?.error ?? new IoError('IO_HOST_NOT_FOUND', `"${host}" has no address.`)
  }

  async #resolve(): Promise<readonly HostAddress[]> {
    const { host, signal, lookup = defaultLookup } = this.#options
    this.tell({ phase: 'resolving' })
    let addresses: readonly HostAddress[]
    try {
      addresses = await abortable(lookup(host), signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw ioErrorFrom(error, `Looking up ${host}`)
    }
    this.tell({ phase: 'resolved' })
    return addresses
  }

  async #connectTcp(address: SocketAddress): Promise<IoStream | undefined> {
    const { signal } = this.#options
    this.tell({ phase: 'connecting', address })
    let stream: IoStream | undefined
    try {
      stream = await connectTcp({ host: address.address, port: address.port, signal })
      this.tell({ phase: 'connected', address, connection: stream })
      return stream
    } catch (error) {
      stream?.abort(error)
      return this.#failed(error, false)
    }
  }

  async #connectTls(stream: IoStream, address: SocketAddress): Promise<IoStream | undefined> {
    const options = this.#options
    if (options.tls === false) return stream
    const { signal } = options
    let connection: TlsClientConnection | undefined
    try {
      const backend = options.backend ?? getDefaultBackend()
      connection = backend.createClientConnection(stream, settingsOf(options))
      this.tell({ phase: 'tls-handshaking', address, connection })
      await this.#configure(connection)
      await connection.handshake({ signal })
      this.tell({ phase: 'tls-handshaked', address, connection })
      signal?.throwIfAborted()
      return connection
    } catch (error) {
      const made = connection ?? stream
      made.abort(error)
      return this.#failed(error, true)
    }
  }

  async #configure(connection: TlsClientConnection): Promise<void> {
    const { configure, signal } = this.#options as TlsConnectOptions
    if (configure === undefined) return
    try {
      await abortable(Promise.resolve(configure(connection)), signal)
    } catch (error) {
      this.#callerFailed = true
      throw error
    }
  }

  /** Keeps the error of the furthest phase, unless it is no error of this address at all. */
  #failed(error: unknown, inTls: boolean): undefined {
    this.#options.signal?.throwIfAborted()
    if (this.#callerFailed) throw error
    if (inTls || this.#failure?.inTls !== true) this.#failure = { error, inTls }
    return undefined
  }
}

function settingsOf({ host, port, tls = true }: TlsConnectOptions): ClientConnectionOptions {
  const settings = tls === true ? {} : tls
  if (settings.serverIdentity !== undefined) return settings
  return { ...settings, serverIdentity: { hostname: withoutZone(host), port } }
}

function defaultLookup(host: string): Promise<HostAddress[]> {
  return lookupAddresses(host, { all: true })
}

/** A zone says by which interface an address is reached, not who is there. */
function withoutZone(host: string): string {
  return isIP(host) === 6 ? host.replace(/%.*$/, '') : host
}
