import type { RequirementGroup } from '../requirement.js'

export const copySessionStateRequirements: RequirementGroup = {
  title: 'copySessionState()',
  requirements: [
    {
      id: 'copy-session-state-any-transport',
      level: 'must',
      statement: 'Needs no socket; GIO needs one.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: ['copy-session-state/resumes'],
    },
    {
      id: 'purpose',
      level: 'must',
      statement: 'The same session on another port, where the store would not match.',
      source:
        'GIO g_tls_client_connection_copy_session_state(); an engine may take the very stream',
      cases: [
        'copy-session-state/resumes-without-watching-for-truncation',
        'copy-session-state/between-two-names-of-one-certificate',
      ],
    },
    {
      id: 'source-unaffected',
      level: 'must',
      statement: 'May be copied from again, whatever becomes of the copy, and may be closed.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: [
        'copy-session-state/after-the-source-has-closed',
        'copy-session-state/source-is-unchanged',
        'copy-session-state/failed-target-does-not-harm-the-source',
      ],
    },
    {
      id: 'copy-session-state-as-source',
      level: 'must',
      statement:
        'Open, half closed and closed: effective. New, handshaking and failed: harmless; what it receives before the target starts counts.',
      source: 'GIO g_tls_client_connection_copy_session_state()',
      cases: [
        'copy-session-state/from-a-half-closed-source',
        'copy-session-state/before-the-source-has-a-session',
        'copy-session-state/harmless/from-one-without-handshake',
        'copy-session-state/harmless/from-one-closed-without-handshake',
        'copy-session-state/harmless/from-one-that-failed',
      ],
    },
    {
      id: 'what-is-taken',
      level: 'must',
      statement:
        "The source's own unused tickets first, then those of its copies, then a used one again, without regard for privacy.",
      source:
        'GIO g_tls_client_connection_copy_session_state(): used again where no ticket is left, as FTP needs',
      cases: [
        'copy-session-state/ten-one-after-the-other',
        'copy-session-state/six-at-the-same-time',
        'copy-session-state/at-the-same-time/unused-tickets-first',
        'copy-session-state/unused-tickets-first',
      ],
    },
    {
      id: 'nobody-else-s',
      level: 'must',
      statement:
        'Never a ticket of another connection to the same host, as GIO may take; nor one that the automatic path has offered or will.',
      source: 'RFC 8446 Appendix C.4: a ticket is offered once on the automatic path',
      cases: [
        'copy-session-state/at-the-same-time/never-the-ticket-of-an-automatic-connection',
        'copy-session-state/what-a-copy-offered-is-not-offered-by-the-store',
        'copy-session-state/own-control-connection',
        'copy-session-state/own-control-connection-on-the-wire',
        'copy-session-state/refused-copy-gives-the-source-nothing',
      ],
    },
    {
      id: 'passed-on',
      level: 'must',
      statement: 'A connection passes on what it resumed.',
      source: 'TlsClientConnection.copySessionState: it passes on what it inherited',
      cases: ['copy-session-state/from-a-resumed-source', 'copy-session-state/from-a-copy'],
    },
    {
      id: 'overrides-the-cache',
      level: 'must',
      statement:
        "Nothing is taken from the store or put into it. What the copy receives belongs to the source's family; GIO keeps it under the copy's key.",
      source: 'GIO g_tls_client_connection_copy_session_state(): overrides the session cache',
      cases: ['copy-session-state/bypasses-the-store'],
    },
    {
      id: 'other-settings',
      level: 'must',
      statement: 'Resumption off wins; a later call, or `setSession`, replaces an earlier one.',
      source: 'TlsClientConnection.sessionResumption: whatever else was asked for',
      cases: [
        'copy-session-state/resumption-off-wins',
        'copy-session-state/replaced-by-a-later-call',
        'copy-session-state/replaced-by-set-session',
      ],
    },
    {
      id: 'copy-session-state',
      level: 'must',
      statement: 'See 7.5; `TypeError` only for what is no client connection.',
      source: 'TlsClientConnection.copySessionState: TypeError for anything else',
      cases: ['copy-session-state/only-from-a-client-connection'],
    },
    {
      id: 'preconditions',
      level: 'must',
      statement:
        'None: with any source in any state it does nothing at worst, never tells, and never makes a handshake fail.',
      source: 'GIO g_tls_client_connection_copy_session_state(): never fails, never tells',
      cases: [
        'copy-session-state/harmless/from-one-that-was-aborted',
        'copy-session-state/harmless/from-one-without-resumption',
        'copy-session-state/harmless/from-another-backend',
        'copy-session-state/harmless/from-another-instance-of-the-backend',
        'copy-session-state/harmless/from-itself',
        'copy-session-state/harmless/twice',
        'copy-session-state/harmless/in-a-circle',
      ],
    },
    {
      id: 'copy-session-state-as-target',
      level: 'must',
      statement: 'New: effective. In any other state harmless.',
      source: 'GIO g_tls_client_connection_copy_session_state(): never fails, never tells',
      cases: [
        'copy-session-state/harmless/while-a-handshake-runs',
        'copy-session-state/harmless/to-a-half-closed-one',
        'copy-session-state/harmless/to-one-that-has-its-handshake',
        'copy-session-state/harmless/to-one-that-failed-or-closed',
      ],
    },
    {
      id: 'copy-session-state-no-weaker-verification',
      level: 'must',
      statement:
        'Identity, trust, validity now and the application decide about each connection; what does not pass is not offered.',
      source:
        'GIO g_tls_client_connection_copy_session_state(): never lets a connection accept a peer it would not accept otherwise',
      cases: [
        'copy-session-state/to-a-name-not-on-the-certificate',
        'copy-session-state/to-no-identity',
        'copy-session-state/to-other-trust',
        'copy-session-state/after-the-certificate-has-expired',
      ],
    },
    {
      id: 'accepted-once',
      level: 'must',
      statement: 'Who accepted a bad certificate once has not accepted it again.',
      source:
        'GIO g_tls_client_connection_copy_session_state(): never lets a connection accept a peer it would not accept otherwise',
      cases: ['copy-session-state/from-a-source-that-accepted-anything'],
    },
  ],
}
