import type { RequirementGroup } from '../requirement.js'

const copy = 'GIO g_tls_client_connection_copy_session_state()'

export const copySessionStateRequirements: RequirementGroup = {
  title: 'copySessionState()',
  subject: 'backend',
  requirements: [
    {
      id: 'copy-resumes',
      level: 'should',
      statement:
        "A connection whose state was copied resumes the source's session where the server does, on another port and under another name of the same certificate, and over any stream.",
      source: `${copy}; an engine may take the very stream`,
      cases: [
        'copy-session-state/resumes',
        'copy-session-state/resumes-without-watching-for-truncation',
        'copy-session-state/between-two-names-of-one-certificate',
      ],
    },
    {
      id: 'copy-chosen-when-the-handshake-starts',
      level: 'should',
      statement:
        'What is offered is chosen when the handshake of the copy starts: what the source received by then counts, and the source may have closed meanwhile, in one direction or both.',
      source: `${copy}; TlsClientConnection.copySessionState: chosen when the handshake starts`,
      cases: [
        'copy-session-state/before-the-source-has-a-session',
        'copy-session-state/after-the-source-has-closed',
        'copy-session-state/from-a-half-closed-source',
      ],
    },
    {
      id: 'copy-takes-unused-tickets-first',
      level: 'must',
      statement:
        'As long as there are unused tickets, each copy offers another one, also copies that start at the same time.',
      source: 'RFC 8446 Appendix C.4; TlsClientConnection.copySessionState',
      cases: [
        'copy-session-state/unused-tickets-first',
        'copy-session-state/at-the-same-time/unused-tickets-first',
      ],
    },
    {
      id: 'copy-uses-tickets-again',
      level: 'should',
      statement:
        'Where no unused ticket is left, a used one is offered again without regard for privacy, so that any number of copies resumes, one after the other or at the same time, as FTP needs it.',
      source: `${copy}: used again where no ticket is left, as FTP needs`,
      cases: [
        'copy-session-state/ten-one-after-the-other',
        'copy-session-state/six-at-the-same-time',
        'tickets/one/many-transfers-one-after-the-other',
        'tickets/one/many-transfers-at-the-same-time',
      ],
    },
    {
      id: 'copy-keeps-to-its-source',
      level: 'must',
      statement:
        "A copy never offers a session of another connection to the same host: a server may tell by the session whom a connection belongs to, and to it a copy that resumes belongs to the session of its source, also of one that was resumed itself. After a full handshake a copy's own sessions are not the source's either.",
      source: `${copy}; not glib-networking: never a session of another connection to the same host`,
      cases: [
        'copy-session-state/own-control-connection',
        'copy-session-state/own-control-connection-on-the-wire',
        'copy-session-state/refused-copy-gives-the-source-nothing',
        'tickets/session/of-the-control-connection',
        'tickets/session/of-a-resumed-control-connection',
      ],
    },
    {
      id: 'copy-and-store-share-nothing',
      level: 'must',
      statement:
        'A copy overrides the session store: it takes nothing from it and puts nothing into it, and what a copy has offered is not offered by automatic resumption, nor the other way round at the same time.',
      source: `${copy}: overrides the session cache; RFC 8446 Appendix C.4`,
      cases: [
        'copy-session-state/bypasses-the-store',
        'copy-session-state/what-a-copy-offered-is-not-offered-by-the-store',
        'copy-session-state/at-the-same-time/never-the-ticket-of-an-automatic-connection',
      ],
    },
    {
      id: 'copy-passes-on-what-was-resumed',
      level: 'should',
      statement:
        'A connection that resumed a session passes it on to its copies, though it was given no new one, and so does a copy.',
      source: 'TlsClientConnection.copySessionState: it passes on what it inherited',
      cases: ['copy-session-state/from-a-resumed-source', 'copy-session-state/from-a-copy'],
    },
    {
      id: 'copy-leaves-the-source-alone',
      level: 'must',
      statement:
        'The source of a copy is not changed, whatever becomes of the copy, and can be copied from again.',
      source: copy,
      cases: [
        'copy-session-state/source-is-unchanged',
        'copy-session-state/failed-target-does-not-harm-the-source',
      ],
    },
    {
      id: 'copy-yields-to-other-settings',
      level: 'must',
      statement:
        'With resumption off a copy offers nothing. A later call of copySessionState or setSession replaces an earlier one.',
      source:
        'TlsClientConnection.sessionResumption: whatever else was asked for; TlsClientConnection.copySessionState, setSession',
      cases: [
        'copy-session-state/resumption-off-wins',
        'copy-session-state/replaced-by-a-later-call',
        'copy-session-state/replaced-by-set-session',
      ],
    },
    {
      id: 'copy-needs-a-client-connection',
      level: 'must',
      statement:
        'copySessionState throws a TypeError for what is no client connection, and the target works on.',
      source: 'TlsClientConnection.copySessionState: TypeError for anything else',
      cases: ['copy-session-state/only-from-a-client-connection'],
    },
    {
      id: 'copy-harmless-from-any-source',
      level: 'must',
      statement:
        'A client connection in any state, of any age and of any backend can be copied from: copySessionState returns undefined and throws nothing, neither at once nor later, and at worst there is a full handshake.',
      source: `${copy}: never fails, never tells`,
      cases: [
        'copy-session-state/harmless/from-one-without-handshake',
        'copy-session-state/harmless/from-one-closed-without-handshake',
        'copy-session-state/harmless/from-one-that-failed',
        'copy-session-state/harmless/from-one-that-was-aborted',
        'copy-session-state/harmless/from-one-without-resumption',
        'copy-session-state/harmless/from-another-backend',
        'copy-session-state/harmless/from-another-instance-of-the-backend',
        'copy-session-state/harmless/from-itself',
        'copy-session-state/harmless/in-a-circle',
      ],
    },
    {
      id: 'copy-harmless-to-any-target',
      level: 'must',
      statement:
        'copySessionState may be called on a connection in any state, and more than once. It has no effect on one whose handshake has started.',
      source: `${copy}: never fails, never tells`,
      cases: [
        'copy-session-state/harmless/twice',
        'copy-session-state/harmless/while-a-handshake-runs',
        'copy-session-state/harmless/to-a-half-closed-one',
        'copy-session-state/harmless/to-one-that-has-its-handshake',
        'copy-session-state/harmless/to-one-that-failed-or-closed',
      ],
    },
    {
      id: 'copy-does-not-weaken-verification',
      level: 'must',
      statement:
        'A copy lets no connection accept a peer that it would not accept otherwise: what does not pass its own checks of name, trust and validity, or its own application, is not offered.',
      source: `${copy}: never lets a connection accept a peer it would not accept otherwise`,
      cases: [
        'copy-session-state/to-a-name-not-on-the-certificate',
        'copy-session-state/to-no-identity',
        'copy-session-state/to-other-trust',
        'copy-session-state/after-the-certificate-has-expired',
        'copy-session-state/from-a-source-that-accepted-anything',
      ],
    },
  ],
}
