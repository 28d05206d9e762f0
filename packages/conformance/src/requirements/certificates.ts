import type { RequirementGroup } from '../requirement.js'

export const certificatesRequirements: RequirementGroup = {
  title: 'Certificates',
  requirements: [
    {
      id: 'certificate',
      level: 'must',
      statement:
        'The DER is of this certificate only. Bytes are copied in and out, and nothing of it can be changed.',
      source: 'GIO GTlsCertificate:certificate',
      cases: ['certificate/der/of-this-certificate-only', 'certificate/der/cannot-be-changed'],
    },
    {
      id: 'certificate-pem',
      level: 'must',
      statement: 'The PEM of a text in lines of 64 characters is that text.',
      source: 'GIO GTlsCertificate:certificate-pem',
      cases: ['certificate/pem/same-as-read'],
    },
    {
      id: 'private-key',
      level: 'must',
      statement:
        'PKCS #1, SEC 1 and PKCS #8 are read back as unencrypted PKCS #8, in DER and PEM; of RSA, RSA-PSS, EC and Ed25519. Undefined if there is none.',
      source: 'GIO GTlsCertificate:private-key, private-key-pem: read back as PKCS #8',
      cases: [
        'certificate/private-key/rsa/pkcs1',
        'certificate/private-key/p256/sec1',
        'certificate/private-key/p384/sec1',
        'certificate/private-key/p521/sec1',
        'certificate/private-key/rsa/pkcs8',
        'certificate/private-key/p256/pkcs8',
        'certificate/private-key/ed25519/pkcs8',
        'certificate/private-key/rsa-pss/pkcs8',
        'certificate/private-key/none',
      ],
    },
    {
      id: 'private-key-is-secret',
      level: 'must',
      statement: 'Nothing but its own two getters shows the key: no text, no JSON, no error.',
      source: 'TlsCertificate: the key is secret',
      cases: ['certificate/private-key/is-shown-by-nothing-else'],
    },
    {
      id: 'issuer',
      level: 'must',
      statement:
        'A link to the issuer, null if it is unknown or the certificate itself. It is informative.',
      source: 'GIO GTlsCertificate:issuer',
      cases: [
        'certificate/issuer/none-of-a-certificate-alone',
        'certificate/issuer/linked',
        'certificate/verify/signatures',
      ],
    },
    {
      id: 'not-valid-before-not-valid-after',
      level: 'must',
      statement: 'Instants in UTC, on both sides of 2050. What is no time is no certificate.',
      source: 'GIO GTlsCertificate:not-valid-before, not-valid-after; RFC 5280 §4.1.2.5',
      cases: ['certificate/validity/up-to-2049-and-beyond'],
    },
    {
      id: 'subject-name-issuer-name',
      level: 'must',
      statement: 'In encoded order, joined by commas; the e-mail attribute is emailAddress.',
      source: 'GIO GTlsCertificate:subject-name, issuer-name',
      cases: ['certificate/names/in-encoded-order'],
    },
    {
      id: 'dns-names',
      level: 'must',
      statement: 'The dNSName entries as they stand; an empty list if there are none.',
      source: 'GIO GTlsCertificate:dns-names',
      cases: ['certificate/names/dns'],
    },
    {
      id: 'ip-addresses',
      level: 'must',
      statement: 'The iPAddress entries of 4 or 16 bytes as canonical text; others are skipped.',
      source: 'GIO GTlsCertificate:ip-addresses',
      cases: ['certificate/names/addresses-of-4-or-16-bytes'],
    },
    {
      id: 'pkcs11-uri-private-key-pkcs11-uri',
      level: 'must',
      statement: 'Null where there are no tokens.',
      source: 'GIO GTlsCertificate:pkcs11-uri, private-key-pkcs11-uri',
      cases: ['certificate/pkcs11/no-uris'],
    },
    {
      id: 'new-from-pem',
      level: 'must',
      statement:
        'The first certificate wins; a key anywhere in the text belongs to it. LF, CRLF and CR are fine, as is text between the blocks. The length counts exactly.',
      source: 'GIO g_tls_certificate_new_from_pem()',
      cases: [
        'certificate/from-pem/first-certificate-wins',
        'certificate/from-pem/key-anywhere',
        'certificate/from-pem/line-ends',
        'certificate/from-pem/text-between-the-blocks',
        'certificate/from-pem/bytes-of-exact-length',
      ],
    },
    {
      id: 'new-from-pem-refuses',
      level: 'must',
      statement:
        'TLS_BAD_CERTIFICATE: no certificate, a damaged one, a key alone, and a key that is cut off, encrypted, damaged, or provably of another certificate. Nothing of the text is in the error.',
      source: 'GIO g_tls_certificate_new_from_pem()',
      cases: [
        'certificate/from-pem/refused/no-certificate',
        'certificate/from-pem/refused/empty-text',
        'certificate/from-pem/refused/certificate-cut-off',
        'certificate/from-pem/refused/certificate-damaged',
        'certificate/from-pem/refused/certificate-that-is-none',
        'certificate/from-pem/refused/key-alone',
        'certificate/from-pem/refused/key-cut-off',
        'certificate/from-pem/refused/key-encrypted',
        'certificate/from-pem/refused/key-encrypted-the-old-way',
        'certificate/from-pem/refused/key-damaged',
        'certificate/from-pem/refused/key-that-is-none',
        'certificate/from-pem/refused/key-of-another-certificate',
        'certificate/from-pem/refused/key-of-another-kind',
        'certificate/from-pem/refused/key-on-another-point',
        'certificate/from-pem/refused/key-on-another-curve',
      ],
    },
    {
      id: 'chain-building',
      level: 'must',
      statement:
        'Further certificates are the issuers of the one before, in file order, up to the last one or not at all; a damaged later block drops them silently. Links are told by names and key identifiers: verify looks at signatures.',
      source: 'GIO g_tls_certificate_new_from_pem(): chain building',
      cases: [
        'certificate/chain/all-of-it',
        'certificate/chain/none-of-it/out-of-order',
        'certificate/chain/none-of-it/link-missing',
        'certificate/chain/none-of-it/stranger-at-the-end',
        'certificate/chain/none-of-it/stranger-in-the-middle',
        'certificate/chain/none-of-it/later-one-cut-off',
        'certificate/chain/none-of-it/later-one-damaged',
        'certificate/chain/none-of-it/later-one-that-is-none',
      ],
    },
    {
      id: 'list-new-from-file',
      level: 'must',
      statement:
        'All certificates, unlinked and without keys. None is an empty list and no error; one bad block is an error and nothing is returned.',
      source: 'GIO g_tls_certificate_list_new_from_file()',
      cases: [
        'certificate/list/not-linked-without-keys',
        'certificate/list/empty',
        'certificate/list/one-bad-block',
      ],
    },
    {
      id: 'construct-properties',
      level: 'must',
      statement:
        'Of DER: one certificate, or a chain with its key. What is cut off or goes on is refused.',
      source: 'GIO GTlsCertificate:certificate',
      cases: ['certificate/from-der/refused', 'certificate/from-der/chain-and-key'],
    },
    {
      id: 'new-from-pkcs11-uris',
      level: 'must',
      statement: 'Refused, and the error names who can; it does not show the URI.',
      source: 'GIO g_tls_certificate_new_from_pkcs11_uris()',
      cases: ['certificate/pkcs11/refused'],
    },
    {
      id: 'verify',
      level: 'must',
      statement:
        'Gives flags and rejects never for what is wrong with the certificate. Without a CA neither chain nor dates are checked; with one, it or an issuer in its chain must lead there.',
      source: 'GIO g_tls_certificate_verify(): without a CA neither chain nor dates are checked',
      cases: [
        'certificate/verify/nothing-asked',
        'certificate/verify/by-the-issuer',
        'certificate/verify/by-a-stranger',
        'certificate/verify/dates-with-a-ca',
        'certificate/verify/options/senseless-ones',
      ],
    },
    {
      id: 'verify-identity',
      level: 'must',
      statement:
        'A host name against dNSName entries, an address against iPAddress entries, never the common name.',
      source: 'GIO g_tls_certificate_verify(): identity',
      cases: ['certificate/verify/identity'],
    },
    {
      id: 'is-same',
      level: 'must',
      statement: 'DER only; key and issuer do not matter.',
      source: 'GIO g_tls_certificate_is_same()',
      cases: ['certificate/is-same/der-only'],
    },
    {
      id: 'new-from-pkcs12',
      level: 'must',
      statement:
        "The certificate that belongs to the key, with the key, however they are protected: today's encryption and the old one, the certificate in the clear, without MAC.",
      source: 'GIO g_tls_certificate_new_from_pkcs12(): the certificate and its key',
      cases: [
        'pkcs12/protected-by/aes-256-and-sha-256',
        'pkcs12/protected-by/aes-128-and-sha-1',
        'pkcs12/protected-by/aes-192-and-sha-512',
        'pkcs12/protected-by/rc2-and-3des',
        'pkcs12/protected-by/600000-iterations',
        'pkcs12/protected-by/no-mac',
        'pkcs12/protected-by/certificate-in-the-clear',
      ],
    },
    {
      id: 'new-from-pkcs12-keys',
      level: 'must',
      statement: 'RSA, EC and Ed25519; what is read works in a handshake.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(): the certificate and its key',
      cases: ['pkcs12/key/ec', 'pkcs12/key/ed25519', 'pkcs12/key/works-in-a-handshake'],
    },
    {
      id: 'new-from-pkcs12-issuers',
      level: 'must',
      statement:
        'Other certificates become the issuer chain as far as they issued it; the rest is left out.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(): other certificates become the issuer chain',
      cases: [
        'pkcs12/chain/issuers-are-linked',
        'pkcs12/chain/what-does-not-belong-to-it-is-left-out',
      ],
    },
    {
      id: 'password',
      level: 'must',
      statement:
        'A wrong or missing one is `TLS_BAD_CERTIFICATE_PASSWORD`; one password is for MAC, container and key.',
      source:
        'GIO g_tls_certificate_new_from_pkcs12(): a wrong password is bad-certificate-password',
      cases: ['pkcs12/password/wrong', 'pkcs12/password/missing'],
    },
    {
      id: 'password-forms',
      level: 'must',
      statement:
        'None and an empty one open what either made; it may be text of any script, or its bytes, which are copied at the call.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(); RFC 7292 Appendix B.1',
      cases: [
        'pkcs12/password/empty-or-none',
        'pkcs12/password/not-ascii',
        'pkcs12/password/as-bytes',
      ],
    },
    {
      id: 'secrets',
      level: 'must',
      statement: 'Neither password nor key is shown in errors, text or JSON.',
      source: 'TlsError: never keys or passwords',
      cases: ['pkcs12/password/and-key-are-not-shown'],
    },
    {
      id: 'new-from-pkcs12-both',
      level: 'must',
      statement:
        'A container without a key, or without a certificate for it, is `TLS_BAD_CERTIFICATE`.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(): both certificate and key must be there',
      cases: ['pkcs12/without-key', 'pkcs12/without-certificate'],
    },
    {
      id: 'other-failures',
      level: 'must',
      statement:
        'Damage is `TLS_BAD_CERTIFICATE`, and so is more work than any honest container asks for, without doing it; a wrong argument is a `TypeError`.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(): other failures are bad-certificate',
      cases: ['pkcs12/damaged', 'pkcs12/absurd-iterations', 'pkcs12/wrong-arguments'],
    },
    {
      id: 'encrypted-keys-in-pem',
      level: 'must',
      statement:
        'Refused by `fromPem`, as in GIO; `fromEncryptedPem` reads PKCS #8 with its password, and refuses the traditional format.',
      source: 'TlsCertificate.fromEncryptedPem',
      cases: [
        'pkcs12/encrypted-pem/with-its-password',
        'pkcs12/encrypted-pem/wrong-or-missing-password',
        'pkcs12/encrypted-pem/not-encrypted-at-all',
        'pkcs12/encrypted-pem/refused-without-asking-for-it',
        'pkcs12/encrypted-pem/traditional-format-refused',
      ],
    },
    {
      id: 'new-from-file',
      level: 'must',
      statement: 'PKCS #12 if the name ends with `.p12` or `.pfx`, to the letter, PEM otherwise.',
      source: 'GIO g_tls_certificate_new_from_file(): PEM',
      cases: [
        'certificate-files/one/pem',
        'certificate-files/one/pem-without-key',
        'certificate-files/one/suffix-decides',
        'certificate-files/one/damaged',
      ],
    },
    {
      id: 'new-from-file-with-password',
      level: 'must',
      statement: 'PKCS #12 with its password; an encrypted key in PEM, too, which GIO refuses.',
      source: 'GIO g_tls_certificate_new_from_file_with_password(): PKCS #12 with its password',
      cases: ['certificate-files/one/with-password', 'certificate-files/one/encrypted-pem'],
    },
    {
      id: 'new-from-files',
      level: 'must',
      statement:
        'The key file is read and parsed first and must have a whole key; one file twice insists on a key.',
      source: 'GIO g_tls_certificate_new_from_files()',
      cases: [
        'certificate-files/two/certificate-and-key',
        'certificate-files/two/encrypted-key',
        'certificate-files/two/same-file-insists-on-a-key',
        'certificate-files/two/key-cut-off',
        'certificate-files/two/key-comes-first',
      ],
    },
    {
      id: 'list-new-from-file-of-a-file',
      level: 'must',
      statement: 'All, unlinked; none is an empty list, a bad one an error.',
      source: 'GIO g_tls_certificate_list_new_from_file(): all, unlinked',
      cases: [
        'certificate-files/list/unlinked',
        'certificate-files/list/none',
        'certificate-files/list/one-is-bad',
      ],
    },
    {
      id: 'files',
      level: 'must',
      statement:
        'What the system refuses is an `IoError` that names the path; an abort rejects with its reason.',
      source: 'IoErrorCode.IO_FAILED',
      cases: ['certificate-files/file-not-there', 'certificate-files/abort'],
    },
  ],
}
