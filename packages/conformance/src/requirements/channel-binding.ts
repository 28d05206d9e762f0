import type { RequirementGroup } from '../requirement.js'

export const channelBindingRequirements: RequirementGroup = {
  title: 'Channel bindings and exported keys',
  requirements: [
    {
      id: 'channel-binding-types-and-errors',
      level: 'must',
      statement: 'The types of channel bindings have names of their own.',
      source: 'GIO g_tls_connection_get_channel_binding_data(); RFC 5929, RFC 9266',
      cases: ['channel-binding/tls-unique/equal-at-both-ends'],
    },
    {
      id: 'tls-unique',
      level: 'must',
      statement:
        "The first Finished of the handshake, the server's when a session was resumed; `CHANNEL_BINDING_GENERAL_ERROR` with TLS 1.3 (RFC 5929 §3).",
      source:
        "GIO g_tls_connection_get_channel_binding_data(); RFC 5929 §3.1: a resumed handshake's first Finished is the server's",
      cases: ['channel-binding/tls-unique/equal-on-a-resumed-connection'],
    },
    {
      id: 'invalid-state',
      level: 'must',
      statement: 'The handshake is not done, or the connection is closed.',
      source: 'GIO GTlsChannelBindingError: INVALID_STATE',
      cases: [
        'channel-binding/tls-unique/not-before-the-handshake-nor-after-close',
        'channel-binding/tls-unique/not-during-the-handshake-nor-after-it-failed',
        'channel-binding/tls-server-end-point/not-before-the-handshake-nor-after-close',
        'channel-binding/tls-server-end-point/not-during-the-handshake-nor-after-it-failed',
        'channel-binding/tls-exporter/not-before-the-handshake-nor-after-close',
        'channel-binding/tls-exporter/not-during-the-handshake-nor-after-it-failed',
      ],
    },
    {
      id: 'channel-binding',
      level: 'must',
      statement:
        'Open and half closed: there. In all other states `CHANNEL_BINDING_INVALID_STATE`.',
      source: 'GIO g_tls_connection_get_channel_binding_data()',
      cases: [
        'channel-binding/tls-unique/on-a-half-closed-connection',
        'channel-binding/tls-server-end-point/on-a-half-closed-connection',
        'channel-binding/tls-exporter/on-a-half-closed-connection',
      ],
    },
    {
      id: 'not-implemented',
      level: 'must',
      statement: 'The backend does not claim the type.',
      source: 'GIO GTlsChannelBindingError: NOT_IMPLEMENTED',
      cases: [
        'channel-binding/tls-unique/refused-where-it-is-not-claimed',
        'channel-binding/tls-server-end-point/refused-where-it-is-not-claimed',
        'channel-binding/tls-exporter/refused-where-it-is-not-claimed',
      ],
    },
    {
      id: 'tls-server-end-point',
      level: 'must',
      statement:
        "A hash of the server's leaf, the same at both ends, with every version, and on resumed connections (RFC 5929 §4).",
      source: 'GIO g_tls_connection_get_channel_binding_data(); RFC 5929, RFC 9266',
      cases: [
        'channel-binding/tls-server-end-point/equal-at-both-ends',
        'channel-binding/tls-server-end-point/equal-on-a-resumed-connection',
      ],
    },
    {
      id: 'tls-exporter',
      level: 'must',
      statement:
        '32 bytes of keying material with an empty context, wherever the engine claims it (RFC 9266).',
      source: 'GIO g_tls_connection_get_channel_binding_data(); RFC 5929, RFC 9266',
      cases: [
        'channel-binding/tls-exporter/equal-at-both-ends',
        'channel-binding/tls-exporter/equal-on-a-resumed-connection',
      ],
    },
    {
      id: 'its-hash',
      level: 'must',
      statement:
        "That of the certificate's signature, SHA-256 in place of MD5 and SHA-1; one without a single hash is `CHANNEL_BINDING_NOT_SUPPORTED`.",
      source: 'RFC 5929 §4.1: the hash of the signature on the server certificate',
      cases: [
        'channel-binding/tls-server-end-point/hash/sha-256',
        'channel-binding/tls-server-end-point/hash/sha-1-is-replaced',
        'channel-binding/tls-server-end-point/hash/rsassa-pss',
      ],
    },
    {
      id: 'not-supported',
      level: 'must',
      statement: 'The type is impossible on this connection.',
      source:
        'GIO GTlsChannelBindingError: NOT_SUPPORTED; RFC 8032: no hash apart from the signature',
      cases: ['channel-binding/tls-server-end-point/hash/none-with-ed25519'],
    },
    {
      id: 'general-error',
      level: 'must',
      statement: 'Anything else.',
      source: 'RFC 8446 Appendix C.5: tls-unique is not defined for TLS 1.3',
      cases: ['channel-binding/tls-unique/not-with-tls13'],
    },
    {
      id: 'exported-keying-material',
      level: 'must',
      statement:
        'The same at both ends, another for another label or context, and only while open (RFC 5705, RFC 8446 §7.5).',
      source: 'RFC 5705 §4; RFC 8446 §7.5',
      cases: [
        'channel-binding/exporter/equal-at-both-ends',
        'channel-binding/exporter/only-while-open',
        'channel-binding/exporter/refused-where-it-is-not-claimed',
      ],
    },
    {
      id: 'key-log',
      level: 'must',
      statement: 'Lines in NSS format that name the random on the wire.',
      source: 'TlsCapabilities.keyLog: refused, never ignored',
      cases: [
        'channel-binding/key-log/refused-where-it-is-not-claimed',
        'channel-binding/key-log/names-the-client-random',
      ],
    },
  ],
}
