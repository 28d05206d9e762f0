import type { RequirementGroup } from '../requirement.js'

export const handshakeRequirements: RequirementGroup = {
  title: 'Handshake',
  subject: 'backend',
  requirements: [
    {
      id: 'no-io-before-the-handshake',
      level: 'must',
      statement:
        'Making a connection sends nothing, and no handshake starts until it is asked for.',
      source: 'GIO g_tls_client_connection_new(): does no I/O',
      cases: ['handshake/nothing-happens-before-it'],
    },
    {
      id: 'transport-as-given',
      level: 'must',
      statement: 'The transport of a connection is the very stream that it was made over.',
      source: 'GIO GTlsConnection:base-io-stream',
      cases: ['handshake/transport-is-the-stream-given'],
    },
    {
      id: 'senseless-options-refused',
      level: 'must',
      statement:
        'An option that makes no sense is a `TypeError` or a `RangeError` at the call that makes the connection.',
      source: 'TlsBackend.createClientConnection: TypeError or RangeError at the call',
      cases: ['handshake/options/senseless-ones'],
    },
    {
      id: 'unsupported-options-refused',
      level: 'must',
      statement:
        'An option that the backend cannot honour, a version of TLS or ALPN, at servers also a key log or ticket keys, is refused with `TLS_NOT_SUPPORTED` at the call, never ignored.',
      source: 'TlsCapabilities: what a backend cannot do is refused, never ignored',
      cases: [
        'handshake/options/unsupported-version',
        'handshake/options/newer-version-than-any',
        'alpn/refused-where-unsupported',
        'unsupported/server/version',
        'unsupported/server/newer-version-than-any',
        'unsupported/server/alpn',
        'unsupported/server/key-log',
        'unsupported/server/ticket-keys',
      ],
    },
    {
      id: 'settings-read-at-the-start',
      level: 'must',
      statement:
        'Settings can be changed until the handshake starts, and are read in the tick of the call that starts it; what is set later is kept and changes nothing.',
      source: 'GIO GTlsConnection: properties take effect until the handshake starts',
      cases: [
        'handshake/settings-are-read-when-it-starts',
        'handshake/settings-set-later-have-no-effect',
        'handshake/server/certificate-set-late',
        'alpn/read-when-the-handshake-starts',
      ],
    },
    {
      id: 'server-needs-a-certificate',
      level: 'must',
      statement:
        'The handshake of a server that has no certificate when it starts fails with `TLS_BAD_CERTIFICATE`.',
      source: 'GIO GTlsServerConnection: a certificate must be set before the handshake',
      cases: ['handshake/server/without-certificate'],
    },
    {
      id: 'handshake-runs-once',
      level: 'must',
      statement:
        'A connection has one handshake: calls at the same time share it and its outcome, and once it has succeeded another call does nothing and sends nothing.',
      source: 'GIO g_tls_connection_handshake(): a no-op once it has succeeded',
      cases: ['handshake/second-call-does-nothing', 'handshake/calls-at-once-share-the-outcome'],
    },
    {
      id: 'handshake-implicit',
      level: 'must',
      statement: 'The first read or write runs the handshake, whichever end speaks first.',
      source: 'GIO GTlsConnection: the first read or write does the handshake',
      cases: [
        'handshake/implicit-by-read',
        'handshake/implicit-by-write',
        'application-data/server-speaks-first',
      ],
    },
    {
      id: 'stream-has-no-boundaries',
      level: 'must',
      statement:
        'The stream below may come and go in pieces of any size: where a chunk ends means nothing, neither in the handshake nor in data.',
      source: 'RFC 8446 §5.1: record boundaries mean nothing',
      cases: ['handshake/byte-by-byte', 'application-data/byte-by-byte'],
    },
    {
      id: 'newest-common-version',
      level: 'must',
      statement:
        'Both ends speak and tell the newest version that both allow; if there is none, the handshake fails with `TLS_HANDSHAKE` at both.',
      source: 'RFC 8446 §4.2.1: supported_versions',
      cases: [
        'handshake/newest-common-version',
        'handshake/newest-version-of-the-peer',
        'handshake/no-common-version',
      ],
    },
    {
      id: 'negotiated-values-at-both-ends',
      level: 'must',
      statement:
        'Nothing is known of the peer before the handshake; after it both ends tell the same version, cipher suite (by its IANA name) and protocol, and whether a session was resumed.',
      source: 'GIO g_tls_connection_handshake(); GTlsConnection properties',
      cases: ['handshake/facts-on-both-ends'],
    },
    {
      id: 'negotiated-values-after-the-verdict',
      level: 'must',
      statement:
        "Negotiated values and the peer's certificate are set and announced, once each, after the peer was judged and not before.",
      source: 'GIO GTlsConnection: negotiated values are announced after verification',
      cases: ['handshake/facts-only-after-the-verdict', 'handshake/change-events'],
    },
    {
      id: 'negotiated-values-end',
      level: 'must',
      statement:
        'Version and cipher suite are `null` after a failure and after close; the certificate that the peer showed is kept.',
      source: 'GIO GTlsConnection:protocol-version, ciphersuite-name, peer-certificate',
      cases: ['handshake/facts-after-close', 'handshake/facts-after-an-error'],
    },
    {
      id: 'handshake-failure-is-final',
      level: 'must',
      statement:
        'After a failed handshake every later operation rejects with the same error, and so do those that were waiting for it.',
      source: 'GIO GTlsConnection: a failed handshake fails every later operation',
      cases: ['handshake/error-is-repeated', 'handshake/error-of-an-implicit-one'],
    },
    {
      id: 'handshake-failure-ends-the-transport',
      level: 'must',
      statement: 'A failed handshake closes the transport, whatever it failed with.',
      source: 'TlsConnection: after a failed handshake the connection is of no use',
      cases: ['handshake/error-ends-the-transport'],
    },
    {
      id: 'order-of-checks',
      level: 'must',
      statement:
        'An operation looks first for an abort that has already happened, which changes nothing, then whether its direction is closed, and only then at the error of the handshake.',
      source: 'GIO GTlsConnection: the order of checks of an operation',
      cases: [
        'handshake/abort/before-it-starts',
        'handshake/abort/before-all-other-checks',
        'handshake/error-gives-way-to-closed',
      ],
    },
    {
      id: 'handshake-can-be-aborted',
      level: 'must',
      statement:
        'An abort ends a running handshake at once and with it the transport; the reason of the signal is what this and every later operation reject with.',
      source: 'GIO GTlsConnection: cancelled during the handshake, the error is repeated',
      cases: ['handshake/abort/while-it-runs'],
    },
    {
      id: 'garbage-is-not-tls',
      level: 'must',
      statement:
        'A peer whose first bytes are no TLS is `TLS_NOT_TLS`, and one that goes on with something else than a handshake some `TlsError`, as soon as that can be known and without waiting for more.',
      source: 'GIO G_TLS_ERROR_NOT_TLS; RFC 8446 §4, §6.2',
      cases: ['handshake/garbage'],
    },
    {
      id: 'handshake-end-of-stream-is-not-tls',
      level: 'must',
      statement:
        'A stream that ends during the handshake is `TLS_NOT_TLS`, whether or not truncation is watched for.',
      source: 'GIO GTlsConnection: an end of stream during the handshake is G_TLS_ERROR_NOT_TLS',
      cases: ['handshake/end-of-stream'],
    },
    {
      id: 'handshake-alerts-have-codes',
      level: 'must',
      statement:
        'An alert that ends the handshake is an error with the code for what it says and with the number of the alert; what has no code of its own is `TLS_MISC`.',
      source: 'RFC 8446 §6.2; GIO GTlsError',
      cases: ['handshake/alert'],
    },
    {
      id: 'handshake-transport-errors-come-through',
      level: 'must',
      statement:
        'An error of the transport during the handshake comes through as it is: a reset is `IO_BROKEN_PIPE`, and its time limit, the only one there is, `IO_TIMED_OUT`.',
      source: 'GIO GTlsConnection: G_IO_ERROR_BROKEN_PIPE, G_IO_ERROR_TIMED_OUT',
      cases: ['handshake/time-limit-of-the-transport', 'handshake/reset'],
    },
    {
      id: 'hello-retry-request-answered',
      level: 'must',
      statement:
        'A client of TLS 1.3 that is asked to says hello a second time, changed as the server wants it and otherwise the same, and the handshake goes on, with a ticket too.',
      source: 'RFC 8446 §4.1.2, §4.1.4',
      cases: ['handshake/hello-retry-request'],
    },
    {
      id: 'key-update-followed',
      level: 'must',
      statement:
        'A client of TLS 1.3 follows the server to new keys, as often as it changes them, and changes its own before it sends more data if the server asks for it.',
      source: 'RFC 8446 §4.6.3',
      cases: ['handshake/key-update'],
    },
    {
      id: 'server-name-sent',
      level: 'must',
      statement:
        'A client that expects a host name sends it to the server, in lower case and A-labels and without a trailing dot.',
      source: 'RFC 6066 §3; GIO GTlsClientConnection:server-identity',
      cases: [
        'server-name/sent-for-a-host-name',
        'server-name/without-trailing-dot',
        'server-name/in-a-labels',
      ],
    },
    {
      id: 'server-name-for-host-names-only',
      level: 'must',
      statement:
        'A client sends no server name if it expects an address, a host name that is one, or nobody.',
      source: 'RFC 6066 §3: literal addresses are not permitted',
      cases: ['server-name/none-for-an-address', 'server-name/none-without-identity'],
    },
    {
      id: 'alpn-agreement',
      level: 'should',
      statement:
        'The server chooses the protocol by its own order, and both ends tell it, once and also after close. If either end names none, or nothing is in common, it is `null` and the handshake goes on.',
      source: 'RFC 7301 §3.2; GIO GTlsConnection:negotiated-protocol',
      cases: [
        'alpn/agreed',
        'alpn/no-overlap-goes-on-without',
        'alpn/client-alone',
        'alpn/server-alone',
        'alpn/empty-list-is-none',
        'alpn/kept-after-close',
      ],
    },
  ],
}
