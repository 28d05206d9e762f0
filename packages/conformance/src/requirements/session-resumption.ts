import type { RequirementGroup } from '../requirement.js'

export const sessionResumptionRequirements: RequirementGroup = {
  title: 'Session resumption',
  subject: 'backend',
  requirements: [
    {
      id: 'session-resumed-automatically',
      level: 'should',
      statement:
        'A connection offers a session that an earlier one to the same server with the same settings has left, and resumes it if the server does. isSessionResumed then says so at both ends, and says that nothing was resumed after a full handshake.',
      source: 'GIO glib-networking: session cache; GTlsConnection:session-reused',
      cases: [
        'session-resumption/automatic',
        'session-resumption/automatic-without-watching-for-truncation',
      ],
    },
    {
      id: 'ticket-offered-once',
      level: 'must',
      statement:
        'Automatic resumption offers each TLS 1.3 ticket once, ever, whatever its store does. Connections that start at the same time get different tickets.',
      source: 'RFC 8446 Appendix C.4: clients should not reuse a ticket',
      cases: [
        'session-resumption/ticket-offered-once',
        'session-resumption/ticket-offered-once-at-the-same-time',
        'session-resumption/store/that-repeats-has-each-ticket-offered-once',
      ],
    },
    {
      id: 'older-session-used-again',
      level: 'should',
      statement: 'A session of TLS 1.2 or older is offered by any number of connections.',
      source: 'RFC 5246 §7.3: a session may be resumed any number of times',
      cases: ['session-resumption/session-used-again'],
    },
    {
      id: 'resumed-connection-has-all-facts',
      level: 'must',
      statement:
        'A resumed connection has all the facts that a full one has: the certificate of the server with its issuers and its errors, and why it was accepted, version, cipher suite and protocol at the client, the server name at the server.',
      source: 'GIO GTlsConnection:peer-certificate; RFC 6066 §3; TlsConnection.peerCertificate',
      cases: [
        'session-resumption/facts-on-a-resumed-connection',
        'session-resumption/server-name-on-a-resumed-connection',
      ],
    },
    {
      id: 'tickets-kept-although-nobody-reads',
      level: 'should',
      statement:
        'Sessions are taken in and kept as they come, also while the application reads nothing.',
      source:
        'RFC 8446 §4.6.1: tickets may come at any time; GIO glib-networking: during reads only',
      cases: ['session-resumption/kept-although-nothing-is-read'],
    },
    {
      id: 'session-chosen-when-the-handshake-starts',
      level: 'must',
      statement:
        'The session is chosen when the handshake starts: what is set late counts, and a connection that is never used takes no session from others.',
      source:
        'GIO glib-networking since 2017: the key is computed when the handshake starts; GIO glib-networking OpenSSL: a ticket is taken at construction',
      cases: [
        'session-resumption/unused-connection-takes-nothing',
        'session-resumption/separate/set-late',
        'session-resumption/separate/client-certificate-set-late',
      ],
    },
    {
      id: 'sessions-kept-apart-by-server',
      level: 'must',
      statement:
        'A session is offered unasked only to the host and port that were expected when it was made, however the name is spelled. A connection that expects nobody in particular keeps nothing and is offered nothing.',
      source:
        'GIO GTlsClientConnection:server-identity; RFC 4343; TlsClientConnection.sessionResumption: what differs does not share sessions',
      cases: [
        'session-resumption/separate/name',
        'session-resumption/separate/port',
        'session-resumption/separate/port-and-none',
        'session-resumption/same-name-in-other-spelling',
        'session-resumption/without-identity-nothing-is-kept',
      ],
    },
    {
      id: 'sessions-kept-apart-by-settings',
      level: 'must',
      statement:
        'Connections that differ in their client certificate, in whom they trust, in the protocols they advertise or in the versions they speak share no sessions.',
      source: 'TlsClientConnection.sessionResumption: what differs does not share sessions',
      cases: [
        'session-resumption/separate/client-certificate',
        'session-resumption/separate/other-client-certificate',
        'session-resumption/separate/trust',
        'session-resumption/separate/protocols',
        'session-resumption/separate/versions',
      ],
    },
    {
      id: 'session-resumption-off',
      level: 'must',
      statement:
        'With resumption off a connection offers no session, keeps none, announces none and hands none out.',
      source: 'GIO session-resumption-enabled; TlsClientConnection.sessionResumption',
      cases: [
        'session-resumption/off/offers-nothing',
        'session-resumption/off/keeps-nothing',
        'sessions/get-session/off',
      ],
    },
    {
      id: 'backends-share-no-sessions',
      level: 'must',
      statement:
        'Each backend has a session store of its own, unless it is given one, and then it uses that one.',
      source: 'BackendOptions.sessionStore; GIO glib-networking has one per process',
      cases: [
        'session-resumption/backends-share-nothing',
        'session-resumption/store/given-to-the-backend',
      ],
    },
    {
      id: 'failed-handshake-drops-its-session',
      level: 'must',
      statement: 'A session that a handshake failed with is not offered again unasked.',
      source: 'GIO glib-networking up to 2.62: a failed handshake removes the cache entry',
      cases: ['session-resumption/failed-handshake-drops-what-it-offered'],
    },
    {
      id: 'truncation-drops-the-session',
      level: 'must',
      statement:
        'Up to TLS 1.2 a session is not offered again unasked once a connection of it was truncated.',
      source: 'RFC 5246 §7.2.1: a session that ended without close_notify; OpenSSL',
      cases: ['session-resumption/truncation-drops-the-session'],
    },
    {
      id: 'fatal-alert-drops-the-session',
      level: 'must',
      statement:
        'A session is not offered again unasked once a connection of it was ended by a fatal alert of either end; a copy may still offer it.',
      source: 'RFC 5246 §7.2.2; RFC 8446 §6.2',
      cases: [
        'session-resumption/fatal-alert-sent-drops-the-session',
        'session-resumption/fatal-alert-received-drops-the-session',
      ],
    },
    {
      id: 'useless-session-costs-a-full-handshake',
      level: 'must',
      statement:
        'A session or ticket that the server refuses, once or each time, or that the engine cannot read, silently becomes a full handshake, and isSessionResumed is false.',
      source:
        'RFC 8446 §2.2; RFC 5077 §3.1: resumption may always be refused; GIO glib-networking: a session that cannot be imported is ignored',
      cases: [
        'session-resumption/server-that-refuses-gets-a-full-handshake',
        'session-resumption/store/that-gives-damaged-sessions-breaks-nothing',
        'tickets/refused/expired-at-the-server',
        'tickets/refused/each-time',
      ],
    },
    {
      id: 'server-resumes-by-its-ticket-keys',
      level: 'should',
      statement: 'Servers resume the sessions of those that were given the same ticket keys.',
      source: 'RFC 5077 §4; ServerConnectionOptions.ticketKeys',
      cases: ['session-resumption/server-with-shared-ticket-keys'],
    },
    {
      id: 'server-keeps-to-its-ticket-keys',
      level: 'must',
      statement:
        'Servers resume no session of those with other ticket keys. Where none were given, those with another certificate have others.',
      source: 'RFC 5077 §4; ServerConnectionOptions.ticketKeys',
      cases: [
        'session-resumption/server-with-other-ticket-keys',
        'session-resumption/server-with-another-certificate',
      ],
    },
    {
      id: 'tickets-as-many-as-claimed',
      level: 'may',
      statement:
        'A backend that says how many TLS 1.3 tickets its servers give sends just as many, after a full handshake and after a resumed one.',
      source: 'TlsCapabilities.ticketsPerHandshake; RFC 8446 §4.6.1',
      cases: ['sessions/tickets-as-many-as-claimed'],
    },
    {
      id: 'sessions-expire-unprolonged',
      level: 'must',
      statement:
        'The default store forgets a session 10 minutes after its entry was made. Use does not prolong that, so that a server cannot link visits for longer.',
      source: 'GIO glib-networking: 10 minutes from the creation of the entry; arXiv:1810.07304',
      cases: ['session-resumption/expires-with-the-store'],
    },
    {
      id: 'session-stores-may-be-slow-or-fail',
      level: 'must',
      statement:
        "An application's session store may answer by a promise. One that throws or rejects costs a full handshake and is noticed by nobody.",
      source: 'SessionStore: put and take may be promises; an error is "nothing there"',
      cases: [
        'session-resumption/store/asynchronous',
        'session-resumption/store/that-fails-breaks-nothing',
      ],
    },
    {
      id: 'resumption-judges-the-peer-anew',
      level: 'must',
      statement:
        'Before a session is offered, the certificate kept with it must pass the own checks of this connection, as of now: name, trust and validity. If it does not, there is a full handshake, which ends as any other.',
      source:
        'GIO glib-networking: resumption must not weaken verification; g_tls_backend_set_default_database()',
      cases: [
        'session-resumption/wrong-name-is-not-accepted',
        'session-resumption/no-trust-anchors-no-acceptance',
        'session-resumption/default-database-replaced',
        'session-resumption/certificate-expired-since',
        'sessions/set-session/wrong-name',
      ],
    },
    {
      id: 'resumption-asks-the-application-anew',
      level: 'must',
      statement:
        'A certificate with errors that the application accepted once is not thereby accepted again: each connection asks its own callback, and one without refuses it.',
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: [
        'session-resumption/accepted-certificate-is-not-remembered',
        'session-resumption/application-is-asked-each-time',
      ],
    },
    {
      id: 'session-event',
      level: 'should',
      statement:
        'Each session that is received is announced by a TlsSessionEvent that has it, and getSession then gives the one announced last.',
      source: 'GnuTLS gnutls_handshake_set_hook_function(GNUTLS_HANDSHAKE_NEW_SESSION_TICKET)',
      cases: ['sessions/event'],
    },
    {
      id: 'get-session-gives-the-newest',
      level: 'should',
      statement:
        'getSession gives the newest session, waits for one that is still to come, and keeps it when the connection has closed. The session has its facts, with the certificate of the server.',
      source: 'GnuTLS gnutls_session_get_data2(); TlsClientConnection.getSession',
      cases: [
        'sessions/get-session/facts',
        'sessions/get-session/waits-for-a-ticket',
        'sessions/get-session/after-close',
      ],
    },
    {
      id: 'session-shows-nothing-secret',
      level: 'must',
      statement:
        'A session shows nothing of what it is resumed with: not as JSON, not as text, not in a member.',
      source: 'TlsSession: whoever has its state can resume it',
      cases: ['sessions/nothing-secret-is-shown'],
    },
    {
      id: 'get-session-needs-a-handshake',
      level: 'must',
      statement:
        'getSession rejects with TLS_MISC before the handshake is complete, and with its error if it failed.',
      source: 'TlsClientConnection.getSession',
      cases: ['sessions/get-session/before-the-handshake', 'sessions/get-session/after-a-failure'],
    },
    {
      id: 'set-session-offers-that-one',
      level: 'should',
      statement:
        'setSession makes a connection offer just this session, whatever its host and port, and null clears what was set before.',
      source: 'OpenSSL SSL_set_session(); TlsClientConnection.setSession',
      cases: ['sessions/set-session/resumes', 'sessions/set-session/null-clears'],
    },
    {
      id: 'set-session-refuses-loudly',
      level: 'must',
      statement:
        'setSession throws for what can never be: TLS_SESSION_MISMATCH for a session of another backend or one that cannot be resumed, TLS_NOT_SUPPORTED where resumption is off, a TypeError for anything else and once the handshake has started.',
      source: 'TlsClientConnection.setSession',
      cases: ['sessions/set-session/refusals'],
    },
    {
      id: 'sessions-refused-where-unsupported',
      level: 'must',
      statement:
        'A backend that says it cannot resume sessions offers none, and refuses getSession and setSession with TLS_NOT_SUPPORTED.',
      source:
        'TlsCapabilities.sessionResumption: what a backend cannot do is refused, never ignored',
      cases: ['sessions/refused-where-unsupported'],
    },
    {
      id: 'damaged-sessions',
      level: 'must',
      statement:
        'Bytes that are no session, or no longer one, cost a full handshake or fail with a TlsError: nothing crashes or hangs, and the next connection works.',
      source: 'OpenSSL d2i_SSL_SESSION(), GnuTLS gnutls_session_set_data()',
      cases: [
        'sessions/damaged/garbage',
        'sessions/damaged/cut-off',
        'sessions/damaged/one-byte-changed',
        'sessions/damaged/of-another-engine',
        'sessions/damaged/of-another-version',
      ],
    },
  ],
}
