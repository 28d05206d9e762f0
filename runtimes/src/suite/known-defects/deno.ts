import type { RuntimeDefects } from './index.js'

const endsEarly = 'an upload over a Duplex hangs, or is finished before its close_notify is written'

/** Seen in Deno 2.9.6. What node:tls cannot do there at all, backend-node does not claim. */
export const deno: RuntimeDefects = {
  node: {
    failing: {
      'handshake/garbage/to-the-server/alert': 'its server waits for more after an alert',
      'handshake/no-common-version': 'its server goes away without an alert',
      'ocsp-stapling/not-asked-for-by-default': 'rustls asks every server for a staple',
      'application-data/damaged-record':
        'of a damaged record it says that the peer sent a handshake_failure',
      'close/half-close/transport-too': 'it ends its own direction, but not that of the transport',
    },
    unstable: {
      'application-data/write-only-client': endsEarly,
      'application-data/write-only-client/without-watching-for-truncation': endsEarly,
      'close/while-the-handshake-runs': endsEarly,
    },
  },
}
