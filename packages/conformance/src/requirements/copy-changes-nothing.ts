import type { RequirementGroup } from '../requirement.js'

export const copyChangesNothingRequirements: RequirementGroup = {
  title: 'copySessionState() changes nothing but time',
  subject: 'backend',
  requirements: [
    {
      id: 'copy-same-verdict',
      level: 'must',
      statement:
        'The same peer is refused, with the same error and the same certificate errors, with a copy and without.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: [
        'copy-session-state/no-difference/wrong-name',
        'copy-session-state/no-difference/unknown-authority',
        'copy-session-state/no-difference/expired',
        'copy-session-state/no-difference/refused-by-the-application',
      ],
    },
    {
      id: 'copy-same-facts',
      level: 'must',
      statement:
        'With a copy and without, whether or not it helps, the facts of both ends, the events, the data and the end are the same, but for isSessionResumed and what is defined by it.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: [
        'copy-session-state/no-difference/good',
        'copy-session-state/no-difference/other-name-of-the-certificate',
      ],
    },
    {
      id: 'copy-same-questions',
      level: 'must',
      statement:
        'The application is asked about the same peer and told the same errors, with a copy and without.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: ['copy-session-state/no-difference/accepted-by-the-application'],
    },
    {
      id: 'copy-nothing-later',
      level: 'must',
      statement:
        'Nothing that a copy began throws, rejects or is announced after the connection is over.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: ['copy-session-state/no-difference/nothing-comes-later'],
    },
    {
      id: 'copy-source-same',
      level: 'must',
      statement:
        'The source has the same facts, hears of nothing and goes on, however often it is copied from.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: ['copy-session-state/no-difference/to-the-source'],
    },
    {
      id: 'copy-across-names',
      level: 'should',
      statement:
        'A copy goes between all names and addresses of one certificate, however a name is spelt.',
      source: 'GIO g_tls_client_connection_copy_session_state(); RFC 4343',
      cases: [
        'copy-session-state/between-a-name-and-an-address-of-one-certificate',
        'copy-session-state/to-the-same-name-in-other-spelling',
      ],
    },
    {
      id: 'copy-not-to-an-address',
      level: 'must',
      statement:
        'An address that is not on the certificate gets nothing of a copy, and is refused.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: ['copy-session-state/to-an-address-not-on-the-certificate'],
    },
    {
      id: 'copy-same-client-certificate',
      level: 'must',
      statement:
        'A session is offered only by a connection with the client certificate that it was agreed with, or none if it was none.',
      source: 'RFC 8446 §4.6.1: a session stands for the one who authenticated',
      cases: ['copy-session-state/to-another-client-certificate'],
    },
    {
      id: 'copy-same-versions',
      level: 'must',
      statement:
        'A session is offered only where the version that it was agreed with may be spoken.',
      source: 'RFC 8446 §4.2.11',
      cases: ['copy-session-state/to-other-versions'],
    },
  ],
}
