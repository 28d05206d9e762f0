import type { RequirementGroup } from '../requirement.js'

export const backendsRequirements: RequirementGroup = {
  title: 'Choosing a backend',
  requirements: [
    {
      id: 'extension-point',
      level: 'must',
      statement:
        'A backend has a name by which it can be preferred, and is chosen by that name before any priority.',
      source: 'GIO GIO_USE_TLS: a backend is named in the environment',
      cases: [
        'backend-selection/name-can-be-preferred',
        'backend-selection/selected-by-name-before-priority',
      ],
    },
    {
      id: 'fresh-backends',
      level: 'must',
      statement: 'Each backend made is a new one: cases do not see each other.',
      source: 'The suite itself: cases must not see each other',
      cases: ['backend-selection/fresh-backend-each-time'],
    },
    {
      id: 'supports',
      level: 'must',
      statement:
        'What a backend says of itself agrees with itself: versions, client, server, and TLS at all.',
      source: 'GIO g_tls_backend_supports_tls()',
      cases: ['backend-selection/capabilities-agree-with-each-other'],
    },
    {
      id: 'unusable-candidate',
      level: 'must',
      statement:
        'A backend that fails to initialise is passed over for the next; nothing else drops one out.',
      source:
        'GIO g_tls_backend_get_default(): a candidate that fails to initialise is passed over',
      cases: ['backend-selection/selected-after-one-that-is-unusable'],
    },
    {
      id: 'default-database',
      level: 'must',
      statement:
        "What is no database is refused; see 2 for the rest, and 4 for the three states of a connection's database.",
      source: 'GIO g_tls_backend_get_default_database()',
      cases: ['backend-selection/default-database-as-given'],
    },
    {
      id: 'backend-selection-default-database',
      level: 'must',
      statement:
        "The default database is the one the backend was given or its engine's; replacing it is for later handshakes, and `null` goes back to the former.",
      source: 'GIO g_tls_backend_set_default_database()',
      cases: ['backend-selection/default-database-replaced-and-restored'],
    },
    {
      id: 'unavailable',
      level: 'must',
      statement: 'No backend can do TLS.',
      source: 'GIO GDummyTlsBackend: everything fails with G_TLS_ERROR_UNAVAILABLE',
      cases: ['unavailable/handshake-refused'],
    },
    {
      id: 'dummy-backend',
      level: 'must',
      statement:
        'Without TLS every operation fails with `TLS_UNAVAILABLE`, says what was tried, and sends nothing.',
      source: 'GIO GDummyTlsBackend: everything fails with G_TLS_ERROR_UNAVAILABLE',
      cases: [
        'unavailable/read-refused',
        'unavailable/write-refused',
        'unavailable/server-refused',
        'unavailable/nothing-is-sent',
        'unavailable/options-refused-with-the-reason',
        'unavailable/sessions-refused',
      ],
    },
    {
      id: 'half-built-connection',
      level: 'must',
      statement:
        'A connection of a backend without TLS knows nothing, and tolerates being copied from, closed, aborted and disposed of.',
      source: 'GIO GTlsConnection: properties before a handshake',
      cases: [
        'unavailable/facts-are-empty',
        'unavailable/close-tolerated',
        'unavailable/close-after-refusal-tolerated',
        'unavailable/abort-and-dispose-tolerated',
      ],
    },
    {
      id: 'without-tls',
      level: 'must',
      statement: 'Accepted and ignored.',
      source: 'GIO g_tls_client_connection_copy_session_state(): may do nothing',
      cases: ['unavailable/copy-session-state-accepted-and-ignored'],
    },
  ],
}
