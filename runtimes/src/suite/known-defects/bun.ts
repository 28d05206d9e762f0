import type { RuntimeDefects } from './index.js'

const refusesItself = 'its server refuses an unfit certificate itself where one is required'
const lateTickets = 'its server sends tickets with its first data, not after the handshake'
const losesData =
  'its sockets over a Duplex answer the end at once, and lose what is unread if that fails'

/** Seen in Bun 1.4.5. What node:tls cannot do there at all, backend-node does not claim. */
export const bun: RuntimeDefects = {
  node: {
    failing: {
      'client-authentication/accept/unknown-authority-is-told': refusesItself,
      'client-authentication/accept/null-database-trusts-nobody': refusesItself,
      'client-authentication/accept/not-for-clients-is-told': refusesItself,
      'custom-database/server/accepts-whom-nobody-else-would': refusesItself,
      'custom-database/server/refuses-whom-everybody-accepts': refusesItself,
      'custom-database/server/what-it-is-asked': refusesItself,
      'custom-database/server/failure-refuses': refusesItself,
      'custom-database/server/abort-ends-the-wait-for-an-answer': refusesItself,
      'close/close-notify-error-before-that-of-the-transport':
        'ending it succeeds although the transport is broken',
      'TLSv1.3/sessions/get-session/waits-for-a-ticket': lateTickets,
      'TLSv1.3/session-resumption/kept-although-nothing-is-read': lateTickets,
    },
    unstable: {
      'application-data/write-only-client': losesData,
      'application-data/write-only-client/without-watching-for-truncation': losesData,
      'application-data/server-speaks-first': losesData,
      'application-data/server-speaks-first/without-watching-for-truncation': losesData,
    },
  },
}
