import { isDnsName } from './dns-name.js'
import { canonicalIpAddress } from './ip-address.js'

/**
 * Who a client expects at the other end: a host name (or an IP literal as text) or a bare socket
 * address. It decides the name check, the server name sent (SNI) and which sessions may be used.
 *
 * @see GIO `GTlsClientConnection:server-identity` (`GNetworkAddress`, `GInetSocketAddress`)
 */
export type ServerIdentity =
  | {
      /**
       * Host name, or an IP literal as text. Unicode is turned into A-labels (UTS #46). A trailing
       * dot makes no difference. An IPv6 literal has neither brackets nor a zone.
       */
      readonly hostname: string
      /** Port of the service; separates sessions of two services on one host. */
      readonly port?: number | undefined
    }
  | {
      /** IPv4 or IPv6 address as text. Never sent as server name (RFC 6066 §3). */
      readonly address: string
      /** Port of the service; separates sessions of two services on one host. */
      readonly port?: number | undefined
    }

/** A {@link ServerIdentity} in the one spelling that is compared, sent and used in keys. */
export interface CanonicalIdentity {
  /** Whether it is a host name or an IP address. */
  readonly kind: 'name' | 'ip'
  /** Lower-case A-labels without trailing dot, or a canonical IP address. */
  readonly host: string
  /** Port of the service, if one was given. */
  readonly port: number | undefined
}

/**
 * Brings an identity into its one spelling.
 *
 * @throws TypeError if it is neither a host name nor an IP address.
 */
export function canonicalIdentity(identity: ServerIdentity): CanonicalIdentity {
  if (typeof identity !== 'object' || identity === null) {
    throw new TypeError(`The server identity is { hostname, port }, not "${String(identity)}".`)
  }
  const text = 'hostname' in identity ? identity.hostname : identity.address
  const port = identity.port
  if (typeof text !== 'string' || text === '') {
    throw new TypeError('The server identity needs a non-empty hostname or address.')
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new TypeError(`The server identity's port ${port} is not between 0 and 65535.`)
  }
  const ip = canonicalIpAddress(text)
  if (ip !== undefined) return { kind: 'ip', host: ip, port }
  if (!('hostname' in identity)) throw new TypeError(`"${text}" is not an IP address.`)
  return { kind: 'name', host: canonicalHostname(text), port }
}

/** The server name to send: none for an IP address (RFC 6066 §3). */
export function serverNameFor(identity: CanonicalIdentity | null): string | undefined {
  return identity?.kind === 'name' ? identity.host : undefined
}

/** A connection needs it twice, and the next one is likely to be for the same host. */
function canonicalHostname(text: string): string {
  const known = recentNames.get(text)
  if (known !== undefined) return known
  const host = readHostname(text)
  if (recentNames.size >= MOST_NAMES) recentNames.clear()
  recentNames.set(text, host)
  return host
}

const recentNames = new Map<string, string>()
const MOST_NAMES = 64

function readHostname(text: string): string {
  const wrong = () => new TypeError(`"${text}" is not a host name.`)
  // What the URL parser takes for the end of the host, decodes, or drops without a word.
  if (/[\s/?#@:\\%[\]\p{Cc}]/u.test(text)) throw wrong()
  let host: string
  try {
    host = new URL(`https://${text}/`).hostname
  } catch {
    throw wrong()
  }
  if (host.endsWith('.')) host = host.slice(0, -1)
  // The URL parser reads "127.1" or "0x7f000001" as an IPv4 address: neither a name nor a literal.
  if (!isDnsName(host) || canonicalIpAddress(host) !== undefined) throw wrong()
  return host
}
