import type { RequirementGroup } from '../requirement.js'

export const sessionResumptionRequirements: RequirementGroup = {
  title: 'Session resumption',
  requirements: [
    {
      id: 'session-reused',
      level: 'must',
      statement:
        "Whether a session was resumed, by the engine's word after the handshake and the server's witness; not whether one was offered.",
      source: 'GIO glib-networking: session cache',
      cases: ['session-resumption/automatic'],
    },
    {
      id: 'scope',
      level: 'must',
      statement: 'One per backend, in memory, unless another is given; GIO has one per process.',
      source: 'GIO glib-networking: session cache; an engine may take the very stream',
      cases: [
        'session-resumption/automatic-without-watching-for-truncation',
        'session-resumption/backends-share-nothing',
        'session-resumption/store/given-to-the-backend',
      ],
    },
    {
      id: 'lookup',
      level: 'must',
      statement:
        'A TLS 1.3 ticket is taken out and offered once; an older session may be used again (RFC 8446 C.4).',
      source: 'RFC 8446 Appendix C.4: clients should not reuse a ticket',
      cases: ['session-resumption/ticket-offered-once', 'session-resumption/session-used-again'],
    },
    {
      id: 'concurrency',
      level: 'must',
      statement: 'Connections at the same time get different tickets.',
      source: 'RFC 8446 Appendix C.4: clients should not reuse a ticket',
      cases: ['session-resumption/ticket-offered-once-at-the-same-time'],
    },
    {
      id: 'facts',
      level: 'must',
      statement: 'A resumed connection has all the facts of a full one.',
      source: 'GIO GTlsConnection:peer-certificate; TlsConnection.peerCertificate',
      cases: [
        'session-resumption/facts-on-a-resumed-connection',
        'session-resumption/server-name-on-a-resumed-connection',
      ],
    },
    {
      id: 'when-they-come',
      level: 'must',
      statement:
        'With TLS 1.3 after the handshake, also while nobody reads; before that, with the handshake.',
      source:
        'RFC 8446 §4.6.1: tickets may come at any time; GIO glib-networking: during reads only',
      cases: ['session-resumption/kept-although-nothing-is-read'],
    },
    {
      id: 'when-the-handshake-starts',
      level: 'must',
      statement: 'A connection that is never used takes nothing.',
      source:
        'GIO glib-networking OpenSSL: a ticket is taken at construction; ours at the handshake',
      cases: ['session-resumption/unused-connection-takes-nothing'],
    },
    {
      id: 'any-transport',
      level: 'must',
      statement: 'Needs an identity, and no socket.',
      source: 'TlsClientConnection.serverIdentity: with null the session store is not used',
      cases: ['session-resumption/without-identity-nothing-is-kept'],
    },
    {
      id: 'session-resumption-enabled',
      level: 'must',
      statement: 'Off neither offers nor keeps a session.',
      source: 'GIO session-resumption-enabled',
      cases: ['session-resumption/off/offers-nothing', 'session-resumption/off/keeps-nothing'],
    },
    {
      id: 'failed-handshake',
      level: 'must',
      statement: 'Drops what it offered, of any version.',
      source: 'GIO glib-networking up to 2.62: a failed handshake removes the cache entry',
      cases: ['session-resumption/failed-handshake-drops-what-it-offered'],
    },
    {
      id: 'broken-connection',
      level: 'must',
      statement: "Up to TLS 1.2 a truncated connection's session is dropped (RFC 5246 §7.2.1).",
      source: 'RFC 5246 §7.2.1: a session that ended without close_notify; OpenSSL',
      cases: ['session-resumption/truncation-drops-the-session'],
    },
    {
      id: 'refused',
      level: 'must',
      statement: 'Silently becomes a full handshake.',
      source: 'RFC 8446 §2.2; RFC 5077 §3.1: resumption may always be refused',
      cases: ['session-resumption/server-that-refuses-gets-a-full-handshake'],
    },
    {
      id: 'resumption',
      level: 'must',
      statement:
        'Beyond GIO: servers resume where they have the same ticket keys, by default with the same certificate, and give as many tickets as they claim.',
      source: 'RFC 5077 §4; ServerConnectionOptions.ticketKeys',
      cases: [
        'session-resumption/server-with-shared-ticket-keys',
        'session-resumption/server-with-another-certificate',
        'sessions/tickets-as-many-as-claimed',
      ],
    },
    {
      id: 'session-resumption-server-identity',
      level: 'must',
      statement:
        'Three things follow from it: the name that is checked, the server name that is sent, and which sessions may be used. `null` is `BAD_IDENTITY` (CVE-2020-13645).',
      source: 'TlsClientConnection.sessionResumption: what differs does not share sessions',
      cases: ['session-resumption/separate/name'],
    },
    {
      id: 'host-and-port',
      level: 'must',
      statement:
        'Another name or another port shares nothing; the spelling of a name does not matter; the address behind it is no part.',
      source: 'TlsClientConnection.sessionResumption: what differs does not share sessions',
      cases: [
        'session-resumption/separate/port',
        'session-resumption/separate/port-and-none',
        'session-resumption/same-name-in-other-spelling',
      ],
    },
    {
      id: 'more-than-in-gio',
      level: 'must',
      statement: 'Trust, protocols and versions are part of it, too.',
      source: 'TlsClientConnection.sessionResumption: what differs does not share sessions',
      cases: [
        'session-resumption/separate/trust',
        'session-resumption/separate/protocols',
        'session-resumption/separate/versions',
      ],
    },
    {
      id: 'client-certificate',
      level: 'must',
      statement: 'Is part of the key, also one that was set late.',
      source: 'TlsClientConnection.sessionResumption: what differs does not share sessions',
      cases: [
        'session-resumption/separate/client-certificate',
        'session-resumption/separate/other-client-certificate',
      ],
    },
    {
      id: 'computed-when-the-handshake-starts',
      level: 'must',
      statement: 'Not at construction.',
      source: 'GIO glib-networking since 2017: the key is computed when the handshake starts',
      cases: ['session-resumption/separate/client-certificate-set-late'],
    },
    {
      id: 'session-resumption-read-once',
      level: 'must',
      statement: 'Read when the handshake starts, for all three purposes.',
      source: 'GIO glib-networking since 2017: the key is computed when the handshake starts',
      cases: ['session-resumption/separate/set-late'],
    },
    {
      id: 'lifetime',
      level: 'must',
      statement:
        '10 minutes from the creation of the entry, prolonged by nothing, and never beyond what the server said (arXiv:1810.07304).',
      source: 'GIO glib-networking: 10 minutes from the creation of the entry; arXiv:1810.07304',
      cases: ['session-resumption/expires-with-the-store'],
    },
    {
      id: 'stores-of-the-application',
      level: 'must',
      statement:
        'May be asynchronous, may fail, may give back damaged sessions: a full handshake at worst.',
      source: 'SessionStore: put and take may be promises',
      cases: [
        'session-resumption/store/asynchronous',
        'session-resumption/store/that-fails-breaks-nothing',
      ],
    },
    {
      id: 'not-importable',
      level: 'must',
      statement: 'Silently becomes a full handshake.',
      source: 'GIO glib-networking: a session that cannot be imported is ignored',
      cases: ['session-resumption/store/that-gives-damaged-sessions-breaks-nothing'],
    },
    {
      id: 'no-weaker-verification',
      level: 'must',
      statement:
        'Identity, trust, validity now and the application decide about each connection; what does not pass is not offered.',
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: [
        'session-resumption/wrong-name-is-not-accepted',
        'session-resumption/no-trust-anchors-no-acceptance',
        'session-resumption/certificate-expired-since',
      ],
    },
    {
      id: 'accepted-by-the-callback',
      level: 'must',
      statement: 'Is not stored.',
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: ['session-resumption/accepted-certificate-is-not-remembered'],
    },
    {
      id: 'session-resumption-step-8',
      level: 'must',
      statement:
        "Resumed: this connection's own policy is run again, and the facts are there; see 7.6.",
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: ['session-resumption/application-is-asked-each-time'],
    },
    {
      id: 'session-resumption-default-database',
      level: 'must',
      statement:
        "The default database is the one the backend was given or its engine's; replacing it is for later handshakes, and `null` goes back to the former.",
      source: 'GIO g_tls_backend_set_default_database(); sessions are bound to what was trusted',
      cases: ['session-resumption/default-database-replaced'],
    },
    {
      id: 'session-event',
      level: 'must',
      statement: 'For each session received (GnuTLS ticket hook).',
      source: 'GnuTLS gnutls_handshake_set_hook_function(GNUTLS_HANDSHAKE_NEW_SESSION_TICKET)',
      cases: ['sessions/event'],
    },
    {
      id: 'getsession',
      level: 'must',
      statement:
        'The newest session, waited for; the error of a failed handshake, and refusals where there are none (GnuTLS `gnutls_session_get_data2`).',
      source: 'GnuTLS gnutls_session_get_data2()',
      cases: [
        'sessions/get-session/facts',
        'sessions/get-session/before-the-handshake',
        'sessions/get-session/after-a-failure',
        'sessions/get-session/waits-for-a-ticket',
        'sessions/get-session/after-close',
        'sessions/get-session/off',
      ],
    },
    {
      id: 'setsession',
      level: 'must',
      statement:
        'Offers exactly this one, if it passes; loud about what can never be (OpenSSL `SSL_set_session`).',
      source: 'OpenSSL SSL_set_session()',
      cases: [
        'sessions/set-session/resumes',
        'sessions/set-session/null-clears',
        'sessions/set-session/wrong-name',
        'sessions/set-session/refusals',
      ],
    },
    {
      id: 'without-sessions',
      level: 'must',
      statement: 'Refused where the engine has none.',
      source:
        'TlsCapabilities.sessionResumption: what a backend cannot do is refused, never ignored',
      cases: ['sessions/refused-where-unsupported'],
    },
  ],
}
