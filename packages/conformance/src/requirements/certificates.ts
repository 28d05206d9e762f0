import type { RequirementGroup } from '../requirement.js'

export const certificatesRequirements: RequirementGroup = {
  title: 'Certificates',
  subject: 'core',
  requirements: [
    {
      id: 'certificate-immutable',
      level: 'must',
      statement:
        'A certificate never changes. Bytes and dates are copied on the way in and on the way out, and the object and its lists are frozen.',
      source: 'GIO GTlsCertificate: immutable',
      cases: ['certificate/der/cannot-be-changed'],
    },
    {
      id: 'certificate-is-its-der',
      level: 'must',
      statement:
        'The DER of a certificate, and its PEM in lines of 64 characters, are of that certificate alone, without issuers and key. Two certificates are the same if their DER is, whatever key and issuer they come with.',
      source: 'GIO GTlsCertificate:certificate, certificate-pem; g_tls_certificate_is_same()',
      cases: [
        'certificate/der/of-this-certificate-only',
        'certificate/pem/same-as-read',
        'certificate/is-same/der-only',
      ],
    },
    {
      id: 'private-key-as-pkcs8',
      level: 'must',
      statement:
        'A private key (RSA, RSA-PSS, EC or Ed25519) may be read from PKCS #1, SEC 1 or PKCS #8, and is given as unencrypted PKCS #8, in DER as a copy and in PEM. Without a key both are undefined.',
      source: 'GIO GTlsCertificate:private-key, private-key-pem',
      cases: [
        'certificate/private-key/rsa',
        'certificate/private-key/p256',
        'certificate/private-key/p384',
        'certificate/private-key/p521',
        'certificate/private-key/ed25519',
        'certificate/private-key/rsa-pss',
        'certificate/private-key/none',
      ],
    },
    {
      id: 'private-key-secret',
      level: 'must',
      statement:
        'Nothing but the two getters for it shows a private key, and nothing shows the password that opened it: no text, no JSON, no error.',
      source: 'TlsCertificate: the key is secret; TlsError: never keys or passwords',
      cases: [
        'certificate/private-key/is-shown-by-nothing-else',
        'pkcs12/password/and-key-are-not-shown',
      ],
    },
    {
      id: 'certificate-issuer-linked',
      level: 'must',
      statement:
        'The issuer of a certificate is the next one of the chain it was read with. It is null if there is none, also for a certificate that has issued itself.',
      source: 'GIO GTlsCertificate:issuer',
      cases: ['certificate/issuer/none-of-a-certificate-alone', 'certificate/issuer/linked'],
    },
    {
      id: 'certificate-names',
      level: 'must',
      statement:
        'Distinguished names are given in encoded order, joined by commas and escaped, with the e-mail attribute as emailAddress. dNSName entries are given as they stand, iPAddress entries of 4 or 16 bytes as canonical text, and the lists are empty if there are none.',
      source:
        'GIO GTlsCertificate:subject-name, issuer-name, dns-names, ip-addresses; RFC 4514 §2.4, RFC 5952',
      cases: ['certificate/names'],
    },
    {
      id: 'certificate-dates',
      level: 'must',
      statement:
        'The first and last instant of validity are read as RFC 5280 writes them, before and after 2050.',
      source: 'GIO GTlsCertificate:not-valid-before, not-valid-after; RFC 5280 §4.1.2.5',
      cases: ['certificate/validity'],
    },
    {
      id: 'pkcs11-uris',
      level: 'must',
      statement: 'The PKCS #11 URIs of a certificate that is in no token are null.',
      source: 'GIO GTlsCertificate:pkcs11-uri, private-key-pkcs11-uri',
      cases: ['certificate/pkcs11/no-uris'],
    },
    {
      id: 'pem-read-leniently',
      level: 'must',
      statement:
        'The first certificate of a PEM text is the leaf, and the first private key anywhere in the text belongs to it. LF, CRLF and CR are fine, as is other text between the blocks; of bytes exactly those given count.',
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
      id: 'pem-refused-when-bad',
      level: 'must',
      statement:
        'A PEM text without a certificate is TLS_BAD_CERTIFICATE, and so is one whose first certificate or key is damaged, cut off or encrypted, or whose key is provably of another certificate. The error repeats nothing of the text.',
      source: 'GIO g_tls_certificate_new_from_pem()',
      cases: ['certificate/from-pem/refused'],
    },
    {
      id: 'pem-chain-whole-or-none',
      level: 'must',
      statement:
        'Further certificates of a PEM text are linked as issuers, each of the one before, in file order up to the last one. If one is damaged, missing or a stranger, none is linked, and that is no error.',
      source: 'GIO g_tls_certificate_new_from_pem(): chain building',
      cases: ['certificate/chain'],
    },
    {
      id: 'certificate-list-whole',
      level: 'must',
      statement:
        'A list has all certificates of a PEM text or file, not linked and without keys. None is an empty list and no error; one that is bad is an error, and nothing is returned.',
      source: 'GIO g_tls_certificate_list_new_from_file()',
      cases: ['certificate/list', 'certificate-files/list'],
    },
    {
      id: 'certificate-from-der',
      level: 'must',
      statement:
        'DER is exactly one certificate: what is cut off or goes on is refused. A certificate made of the DER of a chain and of a key is linked and has the key, if that is not provably of another one.',
      source: 'GIO GTlsCertificate:certificate, issuer, private-key',
      cases: ['certificate/from-der'],
    },
    {
      id: 'certificate-verify',
      level: 'must',
      statement:
        'Verifying a certificate gives flags for all that is wrong with it and never rejects for that. Without a CA neither chain nor dates are checked; with one, signatures have to lead there, perhaps by the linked issuers, which are no trust by themselves.',
      source: 'GIO g_tls_certificate_verify()',
      cases: [
        'certificate/verify/nothing-asked',
        'certificate/verify/by-the-issuer',
        'certificate/verify/by-a-stranger',
        'certificate/verify/signatures',
        'certificate/verify/dates-with-a-ca',
        'certificate/verify/options',
      ],
    },
    {
      id: 'certificate-verify-identity',
      level: 'must',
      statement:
        'A host name is looked for among the dNSName entries of a certificate, an address among the iPAddress entries, and neither in the common name.',
      source: 'GIO g_tls_certificate_verify(): identity; RFC 9525 §2, §6',
      cases: ['certificate/verify/identity'],
    },
    {
      id: 'pkcs12-read-however-protected',
      level: 'must',
      statement:
        "A PKCS #12 container gives its key (RSA, EC or Ed25519) and the certificate that belongs to it, fit for a handshake, whether it is protected by today's encryption or the old one, with a MAC or without.",
      source: 'GIO g_tls_certificate_new_from_pkcs12(): the certificate and its key; RFC 7292',
      cases: ['pkcs12/protected-by', 'pkcs12/key'],
    },
    {
      id: 'pkcs12-issuers-linked',
      level: 'must',
      statement:
        'Other certificates of a container are linked as the issuers of the one with the key, as far as they are; the rest is left out.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(): other certificates become the issuer chain',
      cases: ['pkcs12/chain'],
    },
    {
      id: 'pkcs12-wrong-password-told',
      level: 'must',
      statement:
        'A wrong or missing password of a container is TLS_BAD_CERTIFICATE_PASSWORD, however the container is protected, so that another one can be asked for.',
      source:
        'GIO g_tls_certificate_new_from_pkcs12(): a wrong password is bad-certificate-password',
      cases: ['pkcs12/password/wrong', 'pkcs12/password/missing'],
    },
    {
      id: 'pkcs12-password-as-given',
      level: 'must',
      statement:
        'A password may be text in any script, or bytes, which are copied at the call. No password and an empty one open what either has made.',
      source: 'GIO g_tls_certificate_new_from_pkcs12(); RFC 7292 Appendix B.1',
      cases: [
        'pkcs12/password/empty-or-none',
        'pkcs12/password/not-ascii',
        'pkcs12/password/as-bytes',
      ],
    },
    {
      id: 'pkcs12-refused-when-bad',
      level: 'must',
      statement:
        'A container that is damaged, asks for absurdly much work, or has no key or no certificate for it is TLS_BAD_CERTIFICATE. An argument of the wrong type is a TypeError.',
      source:
        'GIO g_tls_certificate_new_from_pkcs12(): both certificate and key must be there, other failures are bad-certificate',
      cases: [
        'pkcs12/without-key',
        'pkcs12/without-certificate',
        'pkcs12/damaged',
        'pkcs12/absurd-iterations',
        'pkcs12/wrong-arguments',
      ],
    },
    {
      id: 'encrypted-pem-with-its-password',
      level: 'must',
      statement:
        'An encrypted key in PEM is read only by who asks for that: with its password if it is PKCS #8, and never in the traditional format, which is too weak.',
      source: 'GIO g_tls_certificate_new_from_pem(); TlsCertificate.fromEncryptedPem; RFC 5958 §3',
      cases: ['pkcs12/encrypted-pem'],
    },
    {
      id: 'certificate-from-files',
      level: 'must',
      statement:
        'A file is read as PKCS #12 if its name ends with .p12 or .pfx, to the letter, and as PEM otherwise, with its password in either case. Of two files, that of the key comes first and must have a whole one.',
      source:
        'GIO g_tls_certificate_new_from_file(), g_tls_certificate_new_from_file_with_password(), g_tls_certificate_new_from_files()',
      cases: ['certificate-files/one', 'certificate-files/two'],
    },
    {
      id: 'certificate-file-unreadable',
      level: 'must',
      statement:
        'A file that the system does not let be read is an IoError that names the path, with the error of the system as its cause. An abort rejects with its reason.',
      source: 'IoErrorCode.IO_FAILED; GIO GCancellable',
      cases: ['certificate-files/file-not-there', 'certificate-files/abort'],
    },
  ],
}
