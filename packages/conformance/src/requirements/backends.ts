import type { RequirementGroup } from '../requirement.js'

export const backendsRequirements: RequirementGroup = {
  title: 'Choosing a backend',
  subject: 'backend',
  requirements: [
    {
      id: 'backend-can-be-selected',
      level: 'must',
      statement:
        'A backend has a lower-case name other than `help`, and is chosen by that name before any priority, or in place of one that is unusable.',
      source: 'GIO extension point gio-tls-backend; GIO_USE_TLS',
      cases: [
        'backend-selection/name-can-be-preferred',
        'backend-selection/selected-by-name-before-priority',
        'backend-selection/selected-after-one-that-is-unusable',
      ],
    },
    {
      id: 'backends-share-nothing',
      level: 'must',
      statement:
        'Each backend that is made is a new one: what is set on it changes no other, as tests and applications with several of them count on.',
      source: 'CreateBackend; GIO g_tls_backend_set_default_database()',
      cases: ['backend-selection/fresh-backend-each-time'],
    },
    {
      id: 'capabilities-agree',
      level: 'must',
      statement:
        'What a backend says of its abilities agrees with itself: it names versions, the oldest first, and claims anything else only if it can do TLS.',
      source: 'TlsCapabilities; GIO g_tls_backend_supports_tls()',
      cases: ['backend-selection/capabilities-agree-with-each-other'],
    },
    {
      id: 'dtls-refused-where-unsupported',
      level: 'must',
      statement:
        'A backend without DTLS refuses to make connections over datagrams with `TLS_NOT_SUPPORTED`, and names a backend that has it.',
      source: 'TlsCapabilities.dtlsVersions: what a backend cannot do is refused, never ignored',
      cases: ['backend-selection/dtls-refused-where-unsupported'],
    },
    {
      id: 'default-database',
      level: 'must',
      statement:
        'The default database is the one the backend was given, or else what the system trusts, or null; it stays the same one until it is replaced, and setting it to `null` goes back to the former. What is no database is refused and changes nothing.',
      source: 'GIO g_tls_backend_get_default_database(), g_tls_backend_set_default_database()',
      cases: [
        'backend-selection/default-database-as-given',
        'backend-selection/default-database-replaced-and-restored',
        'database/default',
      ],
    },
    {
      id: 'roles-refused-where-unsupported',
      level: 'must',
      statement:
        'A backend that has clients only, or servers only, refuses connections of the other role with `TLS_NOT_SUPPORTED`, where they are made or by their handshake, and sends nothing.',
      source: 'TlsCapabilities.client, server: what a backend cannot do is refused, never ignored',
      cases: ['unsupported/client', 'unsupported/server'],
    },
    {
      id: 'unavailable-refused-with-the-reason',
      level: 'must',
      statement:
        'A backend that cannot do TLS refuses every operation with `TLS_UNAVAILABLE`, whatever the options, and says which backends were tried and what was wrong with each. It sends nothing.',
      source: 'GIO GDummyTlsBackend: everything fails with G_TLS_ERROR_UNAVAILABLE',
      cases: [
        'unavailable/handshake-refused',
        'unavailable/read-refused',
        'unavailable/write-refused',
        'unavailable/server-refused',
        'unavailable/nothing-is-sent',
        'unavailable/options-refused-with-the-reason',
        'unavailable/sessions-refused',
      ],
    },
    {
      id: 'unavailable-is-harmless',
      level: 'must',
      statement:
        'A connection of a backend that cannot do TLS knows nothing of a peer, and can be closed, aborted, disposed of and given the state of another without harm.',
      source: 'GIO GDummyTlsConnection; g_tls_client_connection_copy_session_state()',
      cases: [
        'unavailable/facts-are-empty',
        'unavailable/copy-session-state-accepted-and-ignored',
        'unavailable/close-tolerated',
        'unavailable/close-after-refusal-tolerated',
        'unavailable/abort-and-dispose-tolerated',
      ],
    },
  ],
}
