import { isIP } from 'node:net'

/** What a chain is to be read from. */
export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'peer'; readonly host: string; readonly port: number }

/** What `FILE|HOST:PORT` may be taken for: `undefined` lets the word itself decide. */
export type TargetKind = Target['kind'] | undefined

/**
 * Reads `FILE|HOST:PORT`. `-` and what has a slash in it is a file, and so is a path that exists;
 * all else is a host, with port 443 unless it says another.
 *
 * @param exists - whether there is something at a path.
 * @throws Error for a host or port that is none, in words for people.
 */
export function parseTarget(
  word: string,
  kind: TargetKind,
  exists: (path: string) => boolean,
): Target {
  const isFile = kind === undefined && (word === '-' || /[/\\]/.test(word) || exists(word))
  if (kind === 'file' || isFile) return { kind: 'file', path: word }
  return { kind: 'peer', ...parseHost(word) }
}

function parseHost(word: string): { host: string; port: number } {
  // A bare IPv6 address is full of colons, and none of them begins a port.
  if (isIP(word) === 6) return { host: word, port: DEFAULT_PORT }
  const [, bracketed, plain, port] = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(word) ?? []
  const host = bracketed ?? plain
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    throw new Error(`"${word}" is neither a file nor HOST, HOST:PORT or [IPV6]:PORT.`)
  }
  const number = port === undefined ? DEFAULT_PORT : Number(port)
  if (number < 1 || number > 65535) {
    throw new Error(`The port of "${word}" is not between 1 and 65535.`)
  }
  return { host, port: number }
}

/** HTTPS. */
const DEFAULT_PORT = 443
