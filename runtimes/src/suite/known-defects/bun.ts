import type { RuntimeDefects } from './index.js'

const refusesItself =
  'its server refuses an unknown authority itself where a certificate is required'
const losesData =
  'its sockets over a Duplex answer the end at once, and lose what is unread if that fails'

/** Seen in Bun 1.4.5. What node:tls cannot do there at all, backend-node does not claim. */
export const bun: RuntimeDefects = {
  node: {
    failing: {
      'client-authentication/accept/unknown-authority-is-told': refusesItself,
      'client-authentication/accept/null-database-trusts-nobody': refusesItself,
      'TLSv1.3/sessions/get-session/waits-for-a-ticket':
        'its server sends tickets with its first data, not after the handshake',
    },
    unstable: {
      'application-data/write-only-client': losesData,
      'application-data/write-only-client/without-watching-for-truncation': losesData,
      'application-data/server-speaks-first': losesData,
      'application-data/server-speaks-first/without-watching-for-truncation': losesData,
    },
  },
}
