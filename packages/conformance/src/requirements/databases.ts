import type { RequirementGroup } from '../requirement.js'

export const databasesRequirements: RequirementGroup = {
  title: 'Databases',
  requirements: [
    {
      id: 'database-tells-all-that-is-wrong',
      level: 'must',
      statement:
        'The verdict of a database on a chain is 0 if it is valid at the time asked about, and else all flags that apply. What is wrong with the chain is never an error. Linked issuers are used, a leaf may be an anchor itself, and without anchors nobody is trusted.',
      source: 'GIO g_tls_database_verify_chain(); RFC 5280 §6.1.3',
      cases: [
        'database/verify-chain/valid-is-zero',
        'database/verify-chain/by-a-linked-issuer',
        'database/verify-chain/unknown-authority',
        'database/verify-chain/self-signed',
        'database/verify-chain/expired',
        'database/verify-chain/not-yet-valid',
        'database/verify-chain/insecure',
        'database/verify-chain/all-flags-that-apply',
        'database/verify-chain/nobody-trusted',
        'database/verify-chain/leaf-that-is-trusted-itself',
        'database/verify-chain/time',
      ],
    },
    {
      id: 'database-checks-the-identity-asked-for',
      level: 'must',
      statement:
        'A database that is asked for an identity, a name or an address, checks it, also outside of a connection. Without one no name is checked.',
      source: 'GIO g_tls_database_verify_chain(): identity; RFC 9525 §6.5',
      cases: [
        'database/verify-chain/without-identity-no-name-is-checked',
        'database/verify-chain/wrong-name',
        'database/verify-chain/address',
      ],
    },
    {
      id: 'database-checks-the-purpose',
      level: 'must',
      statement:
        'A certificate is judged for the purpose asked about, to authenticate a server unless it says a client; one that is not for that is a GENERIC_ERROR.',
      source: 'GIO G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, …_CLIENT; RFC 5280 §4.2.1.12',
      cases: ['database/verify-chain/purpose'],
    },
    {
      id: 'database-checks-constraints',
      level: 'must',
      statement:
        'What an issuer says of the path below it, names and path length, counts outside of a connection, too.',
      source:
        'GIO g_tls_database_verify_chain(), which may skip constraints there; RFC 5280 §4.2.1.9, §4.2.1.10',
      cases: ['database/verify-chain/constraints-without-a-connection'],
    },
    {
      id: 'database-leaves-links-alone',
      level: 'must',
      statement: 'Verifying a chain does not link its certificates to the issuers that were found.',
      source: 'GIO g_tls_database_verify_chain(): does not modify issuer links',
      cases: ['database/verify-chain/links-stay-as-they-are'],
    },
    {
      id: 'database-tells-why',
      level: 'must',
      statement:
        'Who wants to know gets the whole verdict: each finding with its rule and place, and the path that was judged, from the leaf to the anchor.',
      source: 'VerifyChainOptions.onVerdict, beyond GIO',
      cases: ['database/verify-chain/why-and-by-which-path'],
    },
    {
      id: 'database-abort-is-no-verdict',
      level: 'must',
      statement:
        'An abort of a verification, of a look-up or of the reading of a file rejects with its reason, and is no verdict.',
      source: 'GIO GCancellable; g_tls_database_verify_chain(): could not decide is an error',
      cases: [
        'database/verify-chain/abort-is-no-verdict',
        'database/look-up/abort',
        'file-database/abort',
      ],
    },
    {
      id: 'path-found-among-what-was-sent',
      level: 'must',
      statement:
        'A path to an anchor is found whatever the peer sent: roots, duplicates and strangers, in any order, linked or not, and cross-signed certificates. Without a link that is needed there is none.',
      source: 'RFC 5280 §6.1; GIO glib-networking: what path building must cope with',
      cases: ['database/path-building'],
    },
    {
      id: 'database-handles',
      level: 'must',
      statement:
        'The handle of a certificate in a database is a text that stays the same when the database is made again, and begins with where that is from. A certificate that is not in it has none, and an unknown or foreign handle stands for none; neither is an error.',
      source:
        'GIO g_tls_database_create_certificate_handle(), g_tls_database_lookup_certificate_for_handle()',
      cases: [
        'database/handle',
        'database/look-up/by-handle',
        'database/look-up/by-foreign-handle',
        'file-database/handle',
      ],
    },
    {
      id: 'database-look-up-of-an-issuer',
      level: 'must',
      statement:
        'The issuer of a certificate is looked up by its name alone, and nothing is linked. One that is not there is null and no error.',
      source: 'GIO g_tls_database_lookup_certificate_issuer()',
      cases: [
        'database/look-up/issuer',
        'database/look-up/issuer-by-its-name-alone',
        'database/look-up/issuer-that-is-not-there',
      ],
    },
    {
      id: 'database-look-up-of-the-issued',
      level: 'must',
      statement:
        'Certificates that an authority has issued are looked up by its name, and all are found; names are compared without regard to case and repeated spaces.',
      source: 'GIO g_tls_database_lookup_certificates_issued_by(); RFC 5280 §7.1',
      cases: ['database/look-up/issued-by', 'database/look-up/names-in-another-spelling'],
    },
    {
      id: 'database-holds-no-keys',
      level: 'must',
      statement:
        'A database of anchors holds no private keys, whatever it was made of: a look-up for certificates with their keys finds nothing, and the one by a handle ignores that wish.',
      source: 'GIO G_TLS_DATABASE_LOOKUP_KEYPAIR',
      cases: ['database/look-up/with-private-key-finds-nothing'],
    },
    {
      id: 'database-anchors-as-given',
      level: 'must',
      statement:
        'A database trusts the certificates it was made of, or those of a text or a file, and tells them in their order, without keys. Other text between PEM blocks does not matter; a file was read once, and its absolute path is told.',
      source: 'GIO GTlsFileDatabase:anchors; g_tls_file_database_new()',
      cases: [
        'database/anchors/in-their-order-without-keys',
        'database/from-pem/with-other-text',
        'file-database/trusts-what-is-in-the-file',
        'file-database/path',
        'file-database/read-once',
      ],
    },
    {
      id: 'database-of-nothing-refused',
      level: 'must',
      statement:
        'Anchors that cannot be read are an error: a text or a file without a certificate, and a file that is unreadable or has garbage in it, are TLS_MISC, and garbage in a text is TLS_BAD_CERTIFICATE. No part of it is trusted instead.',
      source: 'GIO g_tls_file_database_new(): an unreadable file, or garbage, is an error',
      cases: ['database/from-pem/nothing-or-garbage', 'file-database/unreadable-or-garbage'],
    },
    {
      id: 'default-database-of-a-backend',
      level: 'must',
      statement:
        'The default database of a backend is what the system trusts, or null, always the same one, until it is set. What is no database is refused and changes nothing.',
      source: 'GIO g_tls_backend_get_default_database(), g_tls_backend_set_default_database()',
      cases: ['database/default'],
    },
    {
      id: 'connection-database-of-three-states',
      level: 'must',
      statement:
        'The database of a connection is undefined, which stands for the default one, or null, which trusts nobody, or a database, and is told as it was set. Anything else is refused and changes nothing.',
      source: 'GIO GTlsConnection:database',
      cases: ['database/connection'],
    },
    {
      id: 'custom-database-decides',
      level: 'must',
      statement:
        'The word of a database with a verification of its own is the only one, at either end, also as the default: whatever the engine thinks, and for the name, too. Only a client that expects nobody accepts nobody, and the application decides last.',
      source: 'GIO GTlsDatabase: a subclass that a connection is given must be honoured',
      cases: [
        'custom-database/client/accepts-whom-nobody-else-would',
        'custom-database/client/refuses-whom-everybody-accepts',
        'custom-database/client/as-the-default-database',
        'custom-database/client/nobody-expected',
        'custom-database/client/application-decides-last',
        'custom-database/server/accepts-whom-nobody-else-would',
        'custom-database/server/refuses-whom-everybody-accepts',
      ],
    },
    {
      id: 'custom-database-asked-properly',
      level: 'must',
      statement:
        'A database is asked once in a handshake: about the chain that was shown, the purpose and identity that the connection has, at the present time, and with all that the peer sent, the interaction and a signal. The database of a server is asked about clients.',
      source: 'GIO g_tls_database_verify_chain(); GTlsDatabase subclasses',
      cases: ['custom-database/client/what-it-is-asked', 'custom-database/server/what-it-is-asked'],
    },
    {
      id: 'custom-database-without-verdict-refuses',
      level: 'must',
      statement:
        'A database that fails, or does not answer with flags, has vouched for nobody: that is GENERIC_ERROR, with its error as the cause.',
      source: 'GIO g_tls_database_verify_chain(): could not decide is an error',
      cases: [
        'custom-database/client/no-answer-refuses',
        'custom-database/client/failure-refuses',
        'custom-database/server/failure-refuses',
      ],
    },
    {
      id: 'custom-database-waited-for-until-the-abort',
      level: 'must',
      statement:
        'A handshake that waits for its database ends by an abort, with the reason of that, whether or not the database answers. The database is told.',
      source: 'GIO GCancellable; VerifyChainOptions.signal',
      cases: [
        'custom-database/client/abort-ends-the-wait-for-an-answer',
        'custom-database/server/abort-ends-the-wait-for-an-answer',
      ],
    },
    {
      id: 'custom-database-asked-about-sessions',
      level: 'must',
      statement:
        'The database of a connection is asked about the peer of a session before that is offered, at the present time. If it refuses or fails, or is not known to decide like the one the session came by, the session is not offered.',
      source: 'GIO glib-networking: resumption must not weaken verification',
      cases: ['custom-database/session'],
    },
  ],
}
