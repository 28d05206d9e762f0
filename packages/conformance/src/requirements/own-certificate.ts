import type { RequirementGroup } from '../requirement.js'

export const ownCertificateRequirements: RequirementGroup = {
  title: 'Our own certificate',
  requirements: [
    {
      id: 'certificate-kinds-of-keys',
      level: 'must',
      statement:
        'The engine says which kinds of keys our own certificate may have; those work, and others are refused.',
      source: 'TlsCapabilities.certificateKeys: what is named works',
      cases: [
        'certificate-keys/server/ec',
        'certificate-keys/client/ec',
        'certificate-keys/server/ec-refused-where-unsupported',
        'certificate-keys/client/ec-refused-where-unsupported',
        'certificate-keys/server/ed25519',
        'certificate-keys/client/ed25519',
        'certificate-keys/server/ed25519-refused-where-unsupported',
        'certificate-keys/client/ed25519-refused-where-unsupported',
        'certificate-keys/server/rsa-pss',
        'certificate-keys/client/rsa-pss',
        'certificate-keys/server/rsa-pss-refused-where-unsupported',
        'certificate-keys/client/rsa-pss-refused-where-unsupported',
      ],
    },
    {
      id: 'nothing-consulted',
      level: 'must',
      statement:
        'With mode `none` the server has no certificate and the client no names; the interaction is not asked, unless the engine can only ask before each handshake.',
      source: 'GIO GTlsServerConnection:authentication-mode: NONE',
      cases: [
        'client-authentication/none/certificate-is-not-asked-for',
        'client-authentication/interaction/not-asked-unless-the-server-asks',
      ],
    },
    {
      id: 'certificate-keys-step-2',
      level: 'must',
      statement: 'A certificate that is set is used, and nobody is asked.',
      source: 'GIO GTlsServerConnection:authentication-mode: REQUESTED',
      cases: [
        'client-authentication/requested/certificate-arrives',
        'client-authentication/interaction/not-asked-with-a-certificate',
      ],
    },
    {
      id: 'step-7-server-s-view',
      level: 'must',
      statement:
        'A client without one is accepted unless it is required; nobody is asked about nothing.',
      source:
        'GIO GTlsServerConnection:authentication-mode: REQUESTED; the callback is never called without a certificate',
      cases: ['client-authentication/requested/none-is-fine'],
    },
    {
      id: 'interaction',
      level: 'must',
      statement: 'Without an interaction nobody is asked for a certificate.',
      source:
        'GIO GTlsServerConnection:authentication-mode: REQUIRED; GIO G_TLS_ERROR_CERTIFICATE_REQUIRED',
      cases: ['client-authentication/required/none-is-refused'],
    },
    {
      id: 'authentication-mode',
      level: 'must',
      statement: '`none`, `requested`, `required`; nothing else.',
      source: 'GIO GTlsServerConnection:authentication-mode',
      cases: ['client-authentication/mode/read-when-the-handshake-starts'],
    },
    {
      id: 'whole-chain',
      level: 'must',
      statement: 'The client sends its issuers, too.',
      source: 'RFC 8446 §4.4.2; GIO glib-networking GnuTLS: the client sends its issuers, too',
      cases: ['client-authentication/whole-chain-is-sent'],
    },
    {
      id: 'certificate-keys-step-6',
      level: 'must',
      statement:
        'A certificate without its private key is refused where it is set, with `TLS_BAD_CERTIFICATE`; GIO fails later.',
      source: 'GIO g_tls_server_connection_new(): G_TLS_ERROR_BAD_CERTIFICATE',
      cases: ['client-authentication/without-a-key-is-refused'],
    },
    {
      id: 'step-3-server',
      level: 'must',
      statement:
        'The callback is asked about every client certificate, also about one without errors; without it all are rejected.',
      source: 'GIO GTlsConnection::accept-certificate: a server asks about each client certificate',
      cases: [
        'client-authentication/accept/asked-although-nothing-is-wrong',
        'client-authentication/accept/refused-without-a-callback',
      ],
    },
    {
      id: 'step-2-purpose',
      level: 'must',
      statement:
        "A server's certificate must be for servers, a client's for clients; a name is expected of servers only.",
      source: 'GIO GTlsConnection:peer-certificate-errors',
      cases: [
        'client-authentication/accept/unknown-authority-is-told',
        'client-authentication/accept/not-for-clients-is-told',
      ],
    },
    {
      id: 'acceptance',
      level: 'must',
      statement:
        'Client certificates are accepted only if the callback says so; the certificate is kept, with its errors.',
      source: 'GIO GTlsConnection:database: null',
      cases: ['client-authentication/accept/null-database-trusts-nobody'],
    },
    {
      id: 'step-8',
      level: 'must',
      statement:
        "Resumed: this connection's own policy is run again, and the facts are there; see 7.6.",
      source: 'GIO glib-networking OpenSSL: verification on each handshake, resumed or not',
      cases: ['client-authentication/resumed/judged-again'],
    },
    {
      id: 'no-certificate-messages',
      level: 'must',
      statement:
        "A resumed client is not asked; the server keeps the identity of the original session, which was perhaps nobody's.",
      source:
        'RFC 8446 §4.6.1; resumption must not weaken verification, nor refuse who is in order',
      cases: [
        'client-authentication/resumed/whole-chain-judged-again',
        'client-authentication/resumed/anonymous-session-does-not-authenticate',
        'client-authentication/accepted-cas/not-told-when-resumed',
      ],
    },
    {
      id: 'certificate-keys-step-1',
      level: 'must',
      statement: 'The names it gave are recorded.',
      source: 'GIO GTlsClientConnection:accepted-cas; RFC 8446 §4.2.4',
      cases: ['client-authentication/accepted-cas/told-when-asked'],
    },
    {
      id: 'accepted-cas-after-a-failure',
      level: 'must',
      statement: 'Known then, too, by engines that tell when the server asks.',
      source: 'GIO GTlsClientConnection:accepted-cas: after the handshake, whatever its outcome',
      cases: ['client-authentication/accepted-cas/told-although-the-handshake-failed'],
    },
    {
      id: 'accepted-cas',
      level: 'must',
      statement:
        'What the server named when it asked, perhaps nothing; `null` if it did not ask, or where the engine does not tell.',
      source: 'TlsCapabilities.acceptedCas',
      cases: ['client-authentication/accepted-cas/null-where-it-is-not-claimed'],
    },
    {
      id: 'certificate-keys-authentication-mode',
      level: 'must',
      statement:
        '`none` by default, read when the handshake starts. `requested` takes none, `required` does not: `TLS_CERTIFICATE_REQUIRED`. Refused where the engine cannot ask.',
      source: 'TlsCapabilities.clientAuthentication: refused, never ignored',
      cases: ['client-authentication/refused-where-it-is-not-claimed'],
    },
    {
      id: 'certificate-by-name',
      level: 'must',
      statement: 'Beyond GIO: a certificate for each server name.',
      source: 'RFC 6066 §3; ServerConnectionOptions.selectCertificate',
      cases: ['client-authentication/server-certificate/chosen-by-name'],
    },
    {
      id: 'step-3',
      level: 'must',
      statement: 'Otherwise the interaction is asked, and the certificate read again.',
      source: 'GIO g_tls_interaction_request_certificate()',
      cases: ['client-authentication/interaction/gives-the-certificate'],
    },
    {
      id: 'certificate-keys-step-5',
      level: 'must',
      statement: 'A failed interaction does not end the handshake; its error is remembered.',
      source:
        'GIO G_TLS_INTERACTION_FAILED; RFC 8446 §4.4.2.4; GIO GTlsConnection: a client learns of it when it reads',
      cases: ['client-authentication/interaction/failure-is-told-if-a-certificate-was-needed'],
    },
    {
      id: 'handshake-success',
      level: 'must',
      statement:
        "In TLS 1.3 success does not say that the server accepted the client's certificate.",
      source:
        'GIO G_TLS_INTERACTION_FAILED; RFC 8446 §4.4.2.4; GIO GTlsConnection: a client learns of it when it reads',
      cases: ['client-authentication/interaction/failure-is-told-although-writes-succeed'],
    },
    {
      id: 'what-is-not-rewritten',
      level: 'must',
      statement: 'Aborts, and the orderly end.',
      source: 'GIO glib-networking: only a failure of the connection is explained by it',
      cases: ['client-authentication/interaction/failure-replaces-no-abort-and-no-end'],
    },
    {
      id: 'suspicion',
      level: 'must',
      statement: 'A successful read clears the suspicion of 6.4.',
      source: 'GIO glib-networking: who was read from has accepted us',
      cases: ['client-authentication/interaction/failure-is-not-told-after-a-read'],
    },
    {
      id: 'certificate-keys-step-4',
      level: 'must',
      statement: 'Still none: the handshake goes on without.',
      source: 'GIO G_TLS_INTERACTION_UNHANDLED',
      cases: ['client-authentication/interaction/unhandled-goes-on-without'],
    },
    {
      id: 'certificate-keys-step-6-x',
      level: 'must',
      statement:
        'An operation from inside the accept callback, or the interaction, fails with `IO_FAILED` rather than wait for ever; closing ends the handshake.',
      source: 'TlsInteraction.requestCertificate: operations wait for the answer',
      cases: ['client-authentication/interaction/operation-inside-fails'],
    },
  ],
}
