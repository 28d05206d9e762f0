import type { RequirementGroup } from '../requirement.js'

export const databasesOfConnectionsRequirements: RequirementGroup = {
  title: 'Databases of connections',
  subject: 'backend',
  requirements: [
    {
      id: 'connection-database-of-three-states',
      level: 'must',
      statement:
        'The database of a connection is undefined, which stands for the default one, or null, which trusts nobody, or a database, and is told as it was set. Anything else is refused and changes nothing.',
      source: 'GIO GTlsConnection:database',
      cases: ['database/connection'],
    },
    {
      id: 'custom-database-decides',
      level: 'must',
      statement:
        'The word of a database with a verification of its own is the only one, at either end, also as the default: whatever the engine thinks, and for the name, too. Only a client that expects nobody accepts nobody, and the application decides last.',
      source: 'GIO GTlsDatabase: a subclass that a connection is given must be honoured',
      cases: [
        'custom-database/client/accepts-whom-nobody-else-would',
        'custom-database/client/refuses-whom-everybody-accepts',
        'custom-database/client/as-the-default-database',
        'custom-database/client/nobody-expected',
        'custom-database/client/application-decides-last',
        'custom-database/server/accepts-whom-nobody-else-would',
        'custom-database/server/refuses-whom-everybody-accepts',
      ],
    },
    {
      id: 'custom-database-asked-properly',
      level: 'must',
      statement:
        'A database is asked once in a handshake: about the chain that was shown, the purpose and identity that the connection has, at the present time, and with all that the peer sent, the interaction and a signal. The database of a server is asked about clients.',
      source: 'GIO g_tls_database_verify_chain(); GTlsDatabase subclasses',
      cases: ['custom-database/client/what-it-is-asked', 'custom-database/server/what-it-is-asked'],
    },
    {
      id: 'custom-database-without-verdict-refuses',
      level: 'must',
      statement:
        'A database that fails, or does not answer with flags, has vouched for nobody: that is GENERIC_ERROR, with its error as the cause.',
      source: 'GIO g_tls_database_verify_chain(): could not decide is an error',
      cases: [
        'custom-database/client/no-answer-refuses',
        'custom-database/client/failure-refuses',
        'custom-database/server/failure-refuses',
      ],
    },
    {
      id: 'custom-database-waited-for-until-the-abort',
      level: 'must',
      statement:
        'A handshake that waits for its database ends by an abort, with the reason of that, whether or not the database answers. The database is told.',
      source: 'GIO GCancellable; VerifyChainOptions.signal',
      cases: [
        'custom-database/client/abort-ends-the-wait-for-an-answer',
        'custom-database/server/abort-ends-the-wait-for-an-answer',
      ],
    },
    {
      id: 'custom-database-asked-about-sessions',
      level: 'must',
      statement:
        'The database of a connection is asked about the peer of a session before that is offered, at the present time. If it refuses or fails, or is not known to decide like the one the session came by, the session is not offered.',
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: ['custom-database/session'],
    },
  ],
}
