import type { RequirementGroup } from '../requirement.js'

export const databasesRequirements: RequirementGroup = {
  title: 'Databases',
  requirements: [
    {
      id: 'verify-chain',
      level: 'must',
      statement:
        "0 is valid; flags are what is wrong, all that apply, and no error. The leaf's linked issuers and what else was sent are used.",
      source: 'GIO g_tls_database_verify_chain()',
      cases: [
        'database/verify-chain/valid-is-zero',
        'database/verify-chain/by-a-linked-issuer',
        'database/verify-chain/unknown-authority',
        'database/verify-chain/self-signed',
        'database/verify-chain/expired',
        'database/verify-chain/not-yet-valid',
        'database/verify-chain/all-flags-that-apply',
        'database/verify-chain/nobody-trusted',
        'database/verify-chain/leaf-that-is-trusted-itself',
        'database/verify-chain/time',
      ],
    },
    {
      id: 'flag-insecure',
      level: 'must',
      statement:
        'A key is too short, or the hash of a signature is broken. An engine may be stricter.',
      source: 'GIO g_tls_database_verify_chain()',
      cases: ['database/verify-chain/insecure'],
    },
    {
      id: 'verify-chain-identity',
      level: 'must',
      statement: 'Without one the name is not checked.',
      source: 'GIO g_tls_database_verify_chain()',
      cases: [
        'database/verify-chain/without-identity-no-name-is-checked',
        'database/verify-chain/wrong-name',
        'database/verify-chain/address',
      ],
    },
    {
      id: 'flag-generic-error',
      level: 'must',
      statement: 'Something else, such as a wrong purpose.',
      source: 'GIO G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, …_CLIENT; RFC 5280 §4.2.1.12',
      cases: ['database/verify-chain/purpose'],
    },
    {
      id: 'verify-chain-could-not-decide',
      level: 'must',
      statement:
        'An abort rejects and is no verdict. On a connection, a database that fails or does not answer with flags is `GENERIC_ERROR`, with its error as the cause; one that never answers ends with the handshake.',
      source: 'GIO g_tls_database_verify_chain(): could not decide is an error',
      cases: [
        'database/verify-chain/abort-is-no-verdict',
        'custom-database/client/no-answer-refuses',
        'custom-database/client/failure-refuses',
        'custom-database/client/abort-ends-the-wait-for-an-answer',
        'custom-database/server/failure-refuses',
        'custom-database/server/abort-ends-the-wait-for-an-answer',
      ],
    },
    {
      id: 'verify-chain-links',
      level: 'must',
      statement: 'Issuer links stay as they are.',
      source: 'GIO g_tls_database_verify_chain(): does not modify issuer links',
      cases: ['database/verify-chain/links-stay-as-they-are'],
    },
    {
      id: 'verify-chain-constraints',
      level: 'must',
      statement: 'They count without a connection, too, where GIO may skip them.',
      source:
        'GIO g_tls_database_verify_chain(): may skip constraints outside of a session; ours does not',
      cases: ['database/verify-chain/constraints-without-a-connection'],
    },
    {
      id: 'verify-chain-why',
      level: 'must',
      statement: 'Beyond GIO: the findings, and the path that was judged.',
      source: 'VerifyChainOptions.onVerdict',
      cases: ['database/verify-chain/why-and-by-which-path'],
    },
    {
      id: 'path-building',
      level: 'must',
      statement:
        "Copes with a root sent, a leaf sent twice, no order, strangers, and a certificate that was cross-signed for an anchor's key; refuses a leaf whose link is missing.",
      source: 'RFC 5280 §6.1; GIO glib-networking: what path building must cope with',
      cases: [
        'database/path-building/several-links',
        'database/path-building/out-of-order',
        'database/path-building/strangers-and-duplicates',
        'database/path-building/link-signed-by-two',
        'database/path-building/link-missing',
        'database/path-building/anchor-and-leaf-sent-again',
        'database/path-building/cross-signed-with-the-key-of-an-anchor',
        'database/path-building/link-that-was-not-linked',
      ],
    },
    {
      id: 'create-certificate-handle',
      level: 'must',
      statement:
        'A stable text for a certificate that is in the database, else `null`; it begins with where the database is from.',
      source: 'GIO g_tls_database_create_certificate_handle()',
      cases: [
        'database/handle/stable',
        'database/handle/null-for-one-that-is-not-in-it',
        'file-database/handle/of-the-file',
      ],
    },
    {
      id: 'lookup-certificate-for-handle',
      level: 'must',
      statement: 'An unknown or foreign handle is `null` without error.',
      source: 'GIO g_tls_database_lookup_certificate_for_handle()',
      cases: [
        'database/look-up/by-handle',
        'database/look-up/by-foreign-handle',
        'file-database/handle/of-another-file',
      ],
    },
    {
      id: 'lookup-certificate-issuer',
      level: 'must',
      statement: 'By name, without linking, and not for building paths; `null` if there is none.',
      source: 'GIO g_tls_database_lookup_certificate_issuer(): by name, without linking',
      cases: ['database/look-up/issuer', 'database/look-up/issuer-by-its-name-alone'],
    },
    {
      id: 'default-async-versions',
      level: 'must',
      statement:
        "A look-up that finds nothing resolves, and an abort rejects; GIO's never complete, or lose their flags.",
      source:
        'GIO g_tls_database_lookup_certificate_issuer(): not found is null, also in the asynchronous form',
      cases: ['database/look-up/issuer-that-is-not-there', 'database/look-up/abort'],
    },
    {
      id: 'lookup-certificates-issued-by',
      level: 'must',
      statement: 'All whose issuer has the name, compared as RFC 5280 §7.1 does.',
      source: 'GIO g_tls_database_lookup_certificates_issued_by()',
      cases: ['database/look-up/issued-by', 'database/look-up/names-in-another-spelling'],
    },
    {
      id: 'lookup-keypair',
      level: 'must',
      statement:
        'There are no keys in a database of anchors, so nothing is found; the look-up by handle ignores it.',
      source:
        'GIO G_TLS_DATABASE_LOOKUP_KEYPAIR: these databases hold no keys; the look-up by handle ignores it',
      cases: ['database/look-up/with-private-key-finds-nothing'],
    },
    {
      id: 'anchors',
      level: 'must',
      statement:
        'The certificates in their order, without keys, and the absolute path of the file.',
      source: 'GIO GTlsFileDatabase:anchors',
      cases: ['database/anchors/in-their-order-without-keys', 'file-database/path'],
    },
    {
      id: 'g-tls-file-database-new',
      level: 'must',
      statement:
        'A file that is unreadable, or without certificates, or garbage is `TLS_MISC`; other text between the blocks is fine. Read once.',
      source: 'GIO g_tls_file_database_new(), of a text: extra text between PEM blocks is fine',
      cases: [
        'database/from-pem/with-other-text',
        'database/from-pem/nothing-or-garbage',
        'file-database/trusts-what-is-in-the-file',
        'file-database/unreadable-or-garbage',
        'file-database/read-once',
        'file-database/abort',
      ],
    },
    {
      id: 'system-database',
      level: 'must',
      statement:
        "What the system trusts, from the first source that has any, and which that was; the form of those anchors is their keeper's concern.",
      source: 'GIO g_tls_backend_get_default_database(): the system, or nothing',
      cases: ['database/default/of-the-backend-itself'],
    },
    {
      id: 'database-default-database',
      level: 'must',
      statement:
        "What is no database is refused; see 2 for the rest, and 4 for the three states of a connection's database.",
      source: 'GIO g_tls_backend_set_default_database()',
      cases: ['database/default/must-be-a-database'],
    },
    {
      id: 'database',
      level: 'must',
      statement:
        'Three states: `undefined` is the default database at the start of the handshake, a database is that one, `null` trusts nobody.',
      source: 'GIO GTlsConnection:database',
      cases: ['database/connection/three-states', 'database/connection/nothing-else'],
    },
    {
      id: 'custom-subclass',
      level: 'must',
      statement:
        'Honoured on every backend, at both ends: its word is the only one, whatever the engine thinks, and for the name, too. Only who expects nobody accepts nobody.',
      source: 'GIO GTlsDatabase: a subclass that a connection is given must be honoured',
      cases: [
        'custom-database/client/accepts-whom-nobody-else-would',
        'custom-database/client/as-the-default-database',
        'custom-database/client/nobody-expected',
        'custom-database/client/application-decides-last',
        'custom-database/server/accepts-whom-nobody-else-would',
        'custom-database/server/refuses-whom-everybody-accepts',
      ],
    },
    {
      id: 'flag-revoked',
      level: 'must',
      statement: 'Its issuer revoked it.',
      source: 'GIO GTlsDatabase: a subclass that a connection is given must be honoured',
      cases: ['custom-database/client/refuses-whom-everybody-accepts'],
    },
    {
      id: 'purposes',
      level: 'must',
      statement:
        "For servers and for clients; honoured, which GIO's engines do not. A server's database is asked about clients.",
      source: 'GIO GTlsDatabase: a subclass that a connection is given must be honoured',
      cases: ['custom-database/client/what-it-is-asked', 'custom-database/server/what-it-is-asked'],
    },
    {
      id: 'custom-subclass-sessions',
      level: 'must',
      statement:
        'The database of the new connection is asked about the peer of a session, at the present time; if it refuses or fails, the session is not offered.',
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: [
        'custom-database/session/asked-again-at-the-present-time',
        'custom-database/session/refused-is-not-offered',
        'custom-database/session/failure-is-not-offered',
        'custom-database/session/the-new-connection-decides',
        'custom-database/session/of-another-database-is-not-offered',
      ],
    },
  ],
}
