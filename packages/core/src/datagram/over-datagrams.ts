import type { TlsCapabilities } from '../capabilities.js'

/**
 * What a backend can do over datagrams, in the words of core's connections: its versions are those of
 * DTLS, and there are no sessions (GIO has no copying there, either). A socket has no end, so none can
 * be taken for the peer's; each direction ends by its own `close_notify`.
 */
export function overDatagrams(supports: TlsCapabilities): TlsCapabilities {
  return {
    ...supports,
    protocolVersions: supports.dtlsVersions,
    sessionResumption: false,
    serverSessionResumption: false,
    ticketsPerHandshake: null,
    truncationDetection: 'always',
    halfClose: true,
  }
}
