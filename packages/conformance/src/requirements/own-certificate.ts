import type { RequirementGroup } from '../requirement.js'

export const ownCertificateRequirements: RequirementGroup = {
  title: 'Our own certificate',
  subject: 'backend',
  requirements: [
    {
      id: 'own-certificate-needs-its-key',
      level: 'must',
      statement:
        'A certificate of our own that came without its private key is refused where it is set, with `TLS_BAD_CERTIFICATE`; GIO fails later.',
      source: 'GIO g_tls_server_connection_new(): G_TLS_ERROR_BAD_CERTIFICATE',
      cases: ['client-authentication/without-a-key-is-refused'],
    },
    {
      id: 'certificate-keys-as-claimed',
      level: 'should',
      statement:
        'Certificates of our own may have any of the kinds of keys that the backend names, on both ends.',
      source: 'TlsCapabilities.certificateKeys',
      cases: [
        'certificate-keys/server/ec',
        'certificate-keys/client/ec',
        'certificate-keys/server/ed25519',
        'certificate-keys/client/ed25519',
        'certificate-keys/server/rsa-pss',
        'certificate-keys/client/rsa-pss',
      ],
    },
    {
      id: 'certificate-keys-refused-where-unsupported',
      level: 'must',
      statement:
        'With a certificate whose kind of key the backend does not name, the handshake is refused with `TLS_NOT_SUPPORTED`.',
      source: 'TlsCapabilities.certificateKeys',
      cases: [
        'certificate-keys/server/ec-refused-where-unsupported',
        'certificate-keys/client/ec-refused-where-unsupported',
        'certificate-keys/server/ed25519-refused-where-unsupported',
        'certificate-keys/client/ed25519-refused-where-unsupported',
        'certificate-keys/server/rsa-pss-refused-where-unsupported',
        'certificate-keys/client/rsa-pss-refused-where-unsupported',
      ],
    },
    {
      id: 'pkcs11-as-claimed',
      level: 'must',
      statement:
        'A backend that claims PKCS #11 tokens looks for certificates and keys in them: one that is not there is `TLS_BAD_CERTIFICATE`, and nobody is asked for a PIN for it. No error repeats the URI, which may have a PIN in it.',
      source: 'TlsCapabilities.pkcs11; GIO g_tls_certificate_new_from_pkcs11_uris()',
      cases: [
        'certificate/pkcs11/missing',
        'certificate-keys/server/in-a-token-that-is-missing',
        'certificate-keys/client/in-a-token-that-is-missing',
      ],
    },
    {
      id: 'pkcs11-refused',
      level: 'must',
      statement:
        'Where certificates in PKCS #11 tokens cannot be used, asking for one is refused with `TLS_NOT_SUPPORTED`, and so is a handshake with a key in one, on both ends. No error repeats the URI, which may have a PIN in it.',
      source: 'TlsCapabilities.pkcs11; GIO g_tls_certificate_new_from_pkcs11_uris()',
      cases: [
        'certificate/pkcs11/refused',
        'certificate-keys/server/in-a-token-refused-where-unsupported',
        'certificate-keys/client/in-a-token-refused-where-unsupported',
      ],
    },
    {
      id: 'certificate-by-server-name',
      level: 'must',
      statement:
        'A server that chooses its certificate is asked once per handshake, with the name that the client has sent in lower case; if it has none for it, its own certificate is shown.',
      source: 'RFC 6066 §3; ServerConnectionOptions.selectCertificate',
      cases: ['client-authentication/server-certificate/chosen-by-name'],
    },
    {
      id: 'client-certificate-by-mode',
      level: 'must',
      statement:
        'A server asks for a certificate if its mode says so when the handshake starts, and in no other mode. What is requested and not shown is no error, and nobody is asked about it.',
      source: 'GIO GTlsServerConnection:authentication-mode',
      cases: [
        'client-authentication/none/certificate-is-not-asked-for',
        'client-authentication/requested/certificate-arrives',
        'client-authentication/requested/none-is-fine',
        'client-authentication/mode/read-when-the-handshake-starts',
      ],
    },
    {
      id: 'client-certificate-required',
      level: 'must',
      statement:
        'A server that requires a certificate fails without one with `TLS_CERTIFICATE_REQUIRED`, and so does its client, by its first read at the latest. The session of a handshake without certificate does not stand in for one.',
      source: 'GIO G_TLS_ERROR_CERTIFICATE_REQUIRED; RFC 8446 §4.6.1',
      cases: [
        'client-authentication/required/none-is-refused',
        'client-authentication/resumed/anonymous-session-does-not-authenticate',
      ],
    },
    {
      id: 'client-authentication-refused-where-unsupported',
      level: 'must',
      statement:
        'Where the engine of a server cannot ask for certificates, a mode other than `none` is refused with `TLS_NOT_SUPPORTED`, never ignored.',
      source: 'TlsCapabilities.clientAuthentication',
      cases: ['client-authentication/refused-where-it-is-not-claimed'],
    },
    {
      id: 'client-sends-its-issuers',
      level: 'must',
      statement: 'A client shows its certificate with the issuers that are linked to it.',
      source: 'RFC 8446 §4.4.2; GIO glib-networking GnuTLS: the client sends its issuers, too',
      cases: ['client-authentication/whole-chain-is-sent'],
    },
    {
      id: 'application-accepts-clients',
      level: 'must',
      statement:
        'A server asks the application about every client certificate, also about one without errors, and without anybody to ask it refuses them all.',
      source: 'GIO GTlsConnection::accept-certificate: a server asks about each client certificate',
      cases: [
        'client-authentication/accept/asked-although-nothing-is-wrong',
        'client-authentication/accept/refused-without-a-callback',
      ],
    },
    {
      id: 'client-certificate-errors',
      level: 'must',
      statement:
        'A client certificate is held against the database of the server, `null` trusting nobody, and must be for clients, or that is a `GENERIC_ERROR`; no name is expected of it. What is wrong is told to the application, and kept.',
      source:
        'GIO GTlsConnection:peer-certificate-errors, :database; RFC 5280 §4.2.1.12; GIO G_TLS_DATABASE_PURPOSE_AUTHENTICATE_CLIENT',
      cases: [
        'client-authentication/accept/unknown-authority-is-told',
        'client-authentication/accept/not-for-clients-is-told',
        'client-authentication/accept/null-database-trusts-nobody',
      ],
    },
    {
      id: 'resumed-client-judged-again',
      level: 'must',
      statement:
        'A server that resumes has the whole chain of the client from the first handshake, judges it again, and asks the application again.',
      source: 'GIO glib-networking OpenSSL: verification on each handshake; RFC 8446 §4.6.1',
      cases: [
        'client-authentication/resumed/judged-again',
        'client-authentication/resumed/whole-chain-judged-again',
      ],
    },
    {
      id: 'accepted-cas',
      level: 'may',
      statement:
        'A client knows which authorities the server has named, perhaps none, once it was asked, also if the handshake fails then. It is `null` if the server did not ask, on a resumed handshake, and where the engine does not tell.',
      source: 'GIO GTlsClientConnection:accepted-cas; RFC 8446 §4.2.4; TlsCapabilities.acceptedCas',
      cases: ['client-authentication/accepted-cas'],
    },
    {
      id: 'interaction-gives-the-certificate',
      level: 'must',
      statement:
        'A client without a certificate asks its interaction for one, and shows what that has set; if it has none, the handshake goes on without. It is not asked if there is a certificate, nor, unless the engine must know before, if the server does not want one.',
      source: 'GIO g_tls_interaction_request_certificate(), GTlsConnection:certificate',
      cases: [
        'client-authentication/interaction/gives-the-certificate',
        'client-authentication/interaction/not-asked-with-a-certificate',
        'client-authentication/interaction/not-asked-unless-the-server-asks',
        'client-authentication/interaction/unhandled-goes-on-without',
      ],
    },
    {
      id: 'interaction-failure-told-if-it-matters',
      level: 'must',
      statement:
        'A failed interaction does not end the handshake. If the server then refuses the client, which in TLS 1.3 shows when it reads, the error of the interaction is told in place of the refusal.',
      source: 'GIO G_TLS_INTERACTION_FAILED; RFC 8446 §4.4.2.4',
      cases: [
        'client-authentication/interaction/failure-is-told-if-a-certificate-was-needed',
        'client-authentication/interaction/failure-is-told-although-writes-succeed',
      ],
    },
    {
      id: 'interaction-failure-explains-nothing-else',
      level: 'must',
      statement:
        'The error of an interaction takes the place of no abort, of no orderly end, and of nothing after the first byte was read: who sends has accepted us.',
      source: 'GIO glib-networking: only a failure of the connection is explained by it',
      cases: [
        'client-authentication/interaction/failure-replaces-no-abort-and-no-end',
        'client-authentication/interaction/failure-is-not-told-after-a-read',
      ],
    },
    {
      id: 'interaction-may-not-wait-for-us',
      level: 'must',
      statement:
        'An operation from inside the interaction fails with `IO_FAILED` rather than wait for its answer.',
      source: 'TlsInteraction.requestCertificate: operations wait for the answer',
      cases: ['client-authentication/interaction/operation-inside-fails'],
    },
    {
      id: 'client-certificates-refused',
      level: 'must',
      statement:
        'Where clients cannot authenticate, a client certificate is refused before anything is sent, never left out in silence.',
      source: 'TlsCapabilities.clientCertificates',
      cases: ['client-authentication/client-certificate-refused-where-it-is-not-claimed'],
    },
  ],
}
