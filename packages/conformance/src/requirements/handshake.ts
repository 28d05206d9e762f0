import type { RequirementGroup } from '../requirement.js'

export const handshakeRequirements: RequirementGroup = {
  title: 'Handshake',
  requirements: [
    {
      id: 'ciphersuite-name',
      level: 'must',
      statement: 'The IANA name, the same at both ends; `null` when the version is.',
      source: 'GIO g_tls_connection_handshake(); GTlsConnection properties',
      cases: ['handshake/facts-on-both-ends', 'handshake/facts-after-close'],
    },
    {
      id: 'negotiated-values',
      level: 'must',
      statement: 'Known and announced once the peer was judged, never before.',
      source: 'GIO GTlsConnection: negotiated values are announced after verification',
      cases: ['handshake/facts-only-after-the-verdict'],
    },
    {
      id: 'base-io-stream',
      level: 'must',
      statement:
        'The stream below is the one that was given, belongs to the connection, and needs no more than `IoStream`.',
      source: 'GIO GTlsConnection:base-io-stream',
      cases: ['handshake/transport-is-the-stream-given'],
    },
    {
      id: 'step-5',
      level: 'must',
      statement:
        'Only then are certificate and errors set and announced, once each, whatever the decision.',
      source: 'GIO GTlsConnection: notify::peer-certificate once per handshake',
      cases: ['handshake/change-events'],
    },
    {
      id: 'handshake-new',
      level: 'must',
      statement: 'No I/O before the handshake.',
      source: 'GIO g_tls_client_connection_new(): does no I/O',
      cases: ['handshake/nothing-happens-before-it'],
    },
    {
      id: 'handshake',
      level: 'must',
      statement:
        'Optional; once it has succeeded, calling it again does nothing and sends nothing.',
      source: 'GIO g_tls_connection_handshake(): a no-op once it has succeeded',
      cases: [
        'handshake/second-call-does-nothing',
        'handshake/implicit-by-read',
        'handshake/implicit-by-write',
      ],
    },
    {
      id: 'handshake-handshake',
      level: 'must',
      statement:
        'New: runs it. Handshaking: shares the outcome. Open: nothing. Failed: the same error. Either direction closed, or both: `IO_CLOSED`.',
      source: 'TlsConnection.handshake',
      cases: ['handshake/calls-at-once-share-the-outcome'],
    },
    {
      id: 'giostream',
      level: 'must',
      statement:
        'A connection is a byte stream itself, both ways, whatever the records below look like.',
      source: 'RFC 8446 §5.1: record boundaries mean nothing',
      cases: ['handshake/byte-by-byte'],
    },
    {
      id: 'read-once',
      level: 'must',
      statement: 'Read when the handshake starts, for all three purposes.',
      source: 'GIO GTlsConnection: properties take effect until the handshake starts',
      cases: ['handshake/settings-are-read-when-it-starts'],
    },
    {
      id: 'protocol-versions',
      level: 'must',
      statement: 'They have an order.',
      source: 'RFC 8446 §4.2.1: supported_versions',
      cases: ['handshake/newest-common-version'],
    },
    {
      id: 'setters-and-getters',
      level: 'must',
      statement: 'Each property can be set and read back; nonsense is a `TypeError` at the call.',
      source: 'GIO GTlsConnection: properties take effect until the handshake starts',
      cases: ['handshake/settings-set-later-have-no-effect'],
    },
    {
      id: 'io-invalid-argument',
      level: 'must',
      statement: 'A `TypeError` or `RangeError` at the call.',
      source: 'TlsBackend.createClientConnection: TypeError or RangeError at the call',
      cases: ['handshake/options/senseless-ones'],
    },
    {
      id: 'versions',
      level: 'must',
      statement:
        'The newest version that both speak; none in common is `TLS_HANDSHAKE` at both ends; one the engine does not speak is refused at the call.',
      source: 'TlsCapabilities.protocolVersions: others are refused, never ignored',
      cases: ['handshake/options/unsupported-version', 'handshake/options/newer-version-than-any'],
    },
    {
      id: 'handshake-certificate',
      level: 'must',
      statement:
        'Our own certificate: a server needs one by the start of the handshake; what an interaction sets is honoured.',
      source: 'GIO GTlsServerConnection: a certificate must be set before the handshake',
      cases: ['handshake/server/without-certificate', 'handshake/server/certificate-set-late'],
    },
    {
      id: 'second-explicit-handshake',
      level: 'must',
      statement: 'After a failure it rejects with the same error; in GIO it succeeds.',
      source: 'GIO GTlsConnection: a failed handshake fails every later operation',
      cases: ['handshake/error-is-repeated'],
    },
    {
      id: 'transport-afterwards',
      level: 'must',
      statement: 'After a failure the transport is closed.',
      source: 'TlsConnection: after a failed handshake the connection is of no use',
      cases: ['handshake/error-ends-the-transport'],
    },
    {
      id: 'handshake-step-5',
      level: 'must',
      statement:
        'What the implicit handshake failed with is what every operation that waits for it fails with.',
      source: 'GIO GTlsConnection: what the handshake failed with is what the operation fails with',
      cases: ['handshake/error-of-an-implicit-one'],
    },
    {
      id: 'step-2',
      level: 'must',
      statement:
        'A closed direction: `IO_CLOSED`, also after a failed handshake. A handshake needs both directions; closing none.',
      source: 'GIO GTlsConnection: closed is looked at before the error of the handshake',
      cases: ['handshake/error-gives-way-to-closed'],
    },
    {
      id: 'protocol-version',
      level: 'must',
      statement:
        'The version agreed; `null` before the handshake, after a failure and after close.',
      source: 'GIO GTlsConnection: properties; peer-certificate is set if the peer sent one',
      cases: ['handshake/facts-after-an-error'],
    },
    {
      id: 'error-domains',
      level: 'must',
      statement:
        'TLS failures are `TlsError`, channel binding failures `TlsChannelBindingError`; see 13.',
      source: 'GIO G_TLS_ERROR_NOT_TLS',
      cases: ['handshake/garbage/to-the-client'],
    },
    {
      id: 'not-tls',
      level: 'must',
      statement:
        'Other bytes, garbage and the end of the stream are `TLS_NOT_TLS`, without waiting for more; damage after the first message is some `TlsError`.',
      source: 'GIO G_TLS_ERROR_NOT_TLS',
      cases: [
        'handshake/garbage/to-the-server',
        'handshake/garbage/to-the-server/alert',
        'handshake/garbage/to-the-server/application-data',
        'handshake/garbage/to-the-server/change-cipher-spec',
        'handshake/garbage/to-the-server/huge-message',
        'handshake/garbage/to-the-server/other-message',
        'handshake/garbage/after-the-server-hello',
        'handshake/end-of-stream/to-the-server',
      ],
    },
    {
      id: 'handshake-handshake-x',
      level: 'must',
      statement: "There is nothing in common; GIO's engines never use it.",
      source: 'RFC 8446 §6.2; GIO GTlsError',
      cases: [
        'handshake/alert/handshake-failure',
        'handshake/alert/protocol-version',
        'handshake/no-common-version',
      ],
    },
    {
      id: 'bad-certificate',
      level: 'must',
      statement: 'One that cannot be used, was not accepted here, or not by the peer.',
      source: 'RFC 8446 §6.2; GIO GTlsError',
      cases: ['handshake/alert/bad-certificate', 'handshake/alert/unknown-ca'],
    },
    {
      id: 'misc',
      level: 'must',
      statement: 'Anything without a code of its own.',
      source: 'RFC 8446 §6.2; GIO GTlsError',
      cases: ['handshake/alert/internal-error'],
    },
    {
      id: 'inappropriate-fallback',
      level: 'must',
      statement: 'The peer saw a fallback that it does not allow (RFC 7507).',
      source: 'RFC 8446 §6.2; GIO GTlsError',
      cases: ['handshake/alert/inappropriate-fallback'],
    },
    {
      id: 'bare-end-in-the-handshake',
      level: 'must',
      statement: '`TLS_NOT_TLS`, required or not.',
      source: 'GIO GTlsConnection: an end of stream during the handshake is G_TLS_ERROR_NOT_TLS',
      cases: [
        'handshake/end-of-stream/to-the-client',
        'handshake/end-of-stream/without-watching-for-truncation',
      ],
    },
    {
      id: 'peer-that-vanishes',
      level: 'must',
      statement: 'In the handshake `TLS_NOT_TLS`, whatever the engine.',
      source: 'GIO GTlsConnection: an end of stream during the handshake is G_TLS_ERROR_NOT_TLS',
      cases: ['handshake/end-of-stream/in-the-middle'],
    },
    {
      id: 'no-time-limit',
      level: 'must',
      statement:
        'Only the transport has one; its `IO_TIMED_OUT` comes through, during the handshake and after it.',
      source: 'GIO GTlsConnection: only the transport has a time limit; G_IO_ERROR_TIMED_OUT',
      cases: ['handshake/time-limit-of-the-transport'],
    },
    {
      id: 'reset',
      level: 'must',
      statement: '`IO_BROKEN_PIPE`, required or not, during the handshake and after it.',
      source: 'GIO GTlsConnection: a reset is G_IO_ERROR_BROKEN_PIPE',
      cases: ['handshake/reset'],
    },
    {
      id: 'cancelled-before-it-starts',
      level: 'must',
      statement: 'It does not spoil the connection.',
      source: 'GIO GTlsConnection: cancelled before the start leaves the connection as it was',
      cases: ['handshake/abort/before-it-starts'],
    },
    {
      id: 'cancelled-while-it-runs',
      level: 'must',
      statement:
        'It ends the connection, and the reason is what every later operation rejects with.',
      source: 'GIO GTlsConnection: cancelled during the handshake, the error is repeated',
      cases: ['handshake/abort/while-it-runs'],
    },
    {
      id: 'step-1',
      level: 'must',
      statement:
        'An abort that has already happened: rejects with its reason, and nothing changes.',
      source: 'GIO GTlsConnection: cancelled already is looked at first',
      cases: ['handshake/abort/before-all-other-checks'],
    },
    {
      id: 'server-name-sent',
      level: 'must',
      statement:
        'A host name is sent in lower case and A-labels, without a trailing dot; the server sees it.',
      source: 'RFC 6066 §3; GIO GTlsClientConnection:server-identity',
      cases: [
        'server-name/sent-for-a-host-name',
        'server-name/without-trailing-dot',
        'server-name/in-a-labels',
      ],
    },
    {
      id: 'server-name-not-for-addresses',
      level: 'must',
      statement: 'Nothing is sent for an address, nor for a name that is one.',
      source: 'RFC 6066 §3: literal addresses are not permitted',
      cases: ['server-name/none-for-an-address'],
    },
    {
      id: 'server-identity',
      level: 'must',
      statement:
        'Three things follow from it: the name that is checked, the server name that is sent, and which sessions may be used. `null` is `BAD_IDENTITY` (CVE-2020-13645).',
      source: 'GIO GTlsClientConnection:server-identity: null',
      cases: ['server-name/none-without-identity'],
    },
    {
      id: 'alpn',
      level: 'must',
      statement: 'The server chooses by its own order; nothing in common goes on without.',
      source: 'RFC 7301 §3.2: the server chooses; GIO GTlsConnection:negotiated-protocol',
      cases: ['alpn/agreed', 'alpn/no-overlap-goes-on-without'],
    },
    {
      id: 'advertised-protocols',
      level: 'must',
      statement:
        'Read when the handshake starts; `null` and an empty list do not use ALPN; refused where the engine has none (RFC 7301).',
      source: 'GIO GTlsConnection:advertised-protocols',
      cases: [
        'alpn/read-when-the-handshake-starts',
        'alpn/empty-list-is-none',
        'alpn/refused-where-unsupported',
      ],
    },
    {
      id: 'negotiated-protocol',
      level: 'must',
      statement:
        'What the server chose, announced once; `null` without a word if either side does not use ALPN or nothing is in common, which fails no handshake. Kept after close.',
      source: 'TlsConnection.negotiatedProtocol',
      cases: ['alpn/kept-after-close', 'alpn/client-alone', 'alpn/server-alone'],
    },
  ],
}
