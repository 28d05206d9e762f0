import type { RequirementGroup } from '../requirement.js'

export const databasesRequirements: RequirementGroup = {
  title: 'Databases',
  subject: 'core',
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
  ],
}
