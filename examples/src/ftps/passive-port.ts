import { IoError } from '@tlsio/core'
import { onOneLine } from './reply.js'

/**
 * The port in a reply to EPSV: `229 Entering Extended Passive Mode (|||6446|)`.
 *
 * @see RFC 2428 §3
 */
export function extendedPassivePort(reply: string): number {
  const port = /\(([!-~])\1\1(\d{1,5})\1\)/.exec(reply)?.[2]
  return portOf(reply, Number(port))
}

/**
 * The port in a reply to PASV: `227 Entering Passive Mode (127,0,0,1,25,46)`.
 *
 * The address in it is not used: behind address translation it is wrong, and a hostile server could
 * name a third party's. The data connection goes where the control connection went.
 *
 * @see RFC 959 §4.1.2, RFC 2577 §3
 */
export function passivePort(reply: string): number {
  const numbers = /\d{1,3}(?:,\d{1,3}){5}/.exec(reply.slice(4))?.[0].split(',').map(Number) ?? []
  const [high = Number.NaN, low = Number.NaN] = numbers.slice(4)
  return portOf(reply, high <= 255 && low <= 255 ? high * 256 + low : Number.NaN)
}

function portOf(reply: string, port: number): number {
  if (port >= 1 && port <= 65535) return port
  throw new IoError('IO_FAILED', `There is no data port in the reply "${onOneLine(reply)}".`)
}
