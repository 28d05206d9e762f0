import { connect } from 'node:net'
import type { IoStream } from '../index.js'
import { fromDuplex } from './duplex-stream.js'
import { ioErrorFrom } from './errors.js'

/** Options of {@link connectTcp}. */
export interface ConnectTcpOptions {
  /** Host name or IP address. */
  readonly host: string
  /** Port, 1 to 65535. */
  readonly port: number
  /** Gives the connection attempt up; of no effect once it has succeeded. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Connects to a TCP server. Small writes leave at once (TCP_NODELAY), and either direction can be
 * closed alone.
 *
 * @throws {@link IoError} `IO_CONNECTION_REFUSED`, `IO_HOST_NOT_FOUND`, `IO_HOST_UNREACHABLE`,
 *   `IO_TIMED_OUT` or `IO_FAILED`; an abort rejects with `signal.reason`.
 * @throws RangeError if `port` is no port.
 * @see GIO `g_socket_client_connect_async()`
 */
export function connectTcp(options: ConnectTcpOptions): Promise<IoStream> {
  const { host, port, signal } = options
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true })
    const settle = () => {
      signal?.removeEventListener('abort', onAbort)
      socket.off('connect', onConnect).off('error', onError)
    }
    const onConnect = () => {
      settle()
      resolve(fromDuplex(socket))
    }
    const onError = (error: Error) => {
      settle()
      reject(ioErrorFrom(error, `Connecting to ${host} port ${port}`))
    }
    const onAbort = () => {
      settle()
      socket.on('error', () => {}).destroy()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.on('connect', onConnect).on('error', onError)
  })
}
