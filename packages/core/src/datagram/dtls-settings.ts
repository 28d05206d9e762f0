import type { DatagramSocket } from './datagram-socket.js'
import type { DtlsConnectionOptions } from './dtls-connection.js'

/** The options of a DTLS connection that those of TLS do not have, checked and complete. */
export interface DtlsSettings {
  readonly maxDatagramSize: number
  readonly retransmissionTimeout: number
  readonly handshakeTimeout: number
}

/** @throws TypeError or RangeError that names the option. */
export function dtlsSettingsOf(options: DtlsConnectionOptions): DtlsSettings {
  return {
    maxDatagramSize: within('maxDatagramSize', options.maxDatagramSize, 1400, 256, 65_507),
    retransmissionTimeout: duration('retransmissionTimeout', options.retransmissionTimeout, 1000),
    handshakeTimeout: duration('handshakeTimeout', options.handshakeTimeout, 60_000),
  }
}

/** @throws TypeError if it is no {@link DatagramSocket}: most often it is one of Node's. */
export function requireDatagramSocket(socket: unknown): void {
  const methods = (socket ?? {}) as Record<string, unknown>
  if (typeof methods.send === 'function' && typeof methods.receive === 'function') return
  throw new TypeError(
    'A DTLS connection is made over a DatagramSocket; for one of node:dgram, use fromDgramSocket(socket).',
  )
}

function duration(name: string, value: number | undefined, byDefault: number): number {
  return within(name, value, byDefault, 1, LONGEST_TIMER)
}

function within(
  name: string,
  value: number | undefined,
  byDefault: number,
  least: number,
  most: number,
): number {
  if (value === undefined) return byDefault
  if (typeof value !== 'number') throw new TypeError(`The option ${name} is a number.`)
  if (value >= least && value <= most) return Math.trunc(value)
  throw new RangeError(`The option ${name} is from ${least} to ${most}, not ${value}.`)
}

/** What timers of JavaScript take: 2^31 - 1 milliseconds. */
const LONGEST_TIMER = 2_147_483_647
