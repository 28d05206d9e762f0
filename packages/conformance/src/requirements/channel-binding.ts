import type { RequirementGroup } from '../requirement.js'

export const channelBindingRequirements: RequirementGroup = {
  title: 'Channel bindings and exported keys',
  subject: 'backend',
  requirements: [
    {
      id: 'tls-unique-binding',
      level: 'may',
      statement:
        "`tls-unique` is the first Finished message of the handshake, the client's, or the server's if a session was resumed. In TLS 1.3, where it is not defined, it is `CHANNEL_BINDING_GENERAL_ERROR`.",
      source: 'RFC 5929 §3; RFC 8446 Appendix C.5; GIO G_TLS_CHANNEL_BINDING_TLS_UNIQUE',
      cases: [
        'channel-binding/tls-unique/equal-at-both-ends',
        'channel-binding/tls-unique/equal-on-a-resumed-connection',
        'channel-binding/tls-unique/not-with-tls13',
      ],
    },
    {
      id: 'tls-server-end-point-binding',
      level: 'may',
      statement:
        "`tls-server-end-point` is the hash of the server's certificate, the same at both ends, also on a resumed connection: by the hash of its signature, or SHA-256 in place of MD5 and SHA-1. A signature without one hash is `CHANNEL_BINDING_NOT_SUPPORTED`.",
      source: 'RFC 5929 §4.1; GIO G_TLS_CHANNEL_BINDING_TLS_SERVER_END_POINT',
      cases: [
        'channel-binding/tls-server-end-point/equal-at-both-ends',
        'channel-binding/tls-server-end-point/equal-on-a-resumed-connection',
        'channel-binding/tls-server-end-point/hash',
      ],
    },
    {
      id: 'tls-exporter-binding',
      level: 'may',
      statement:
        '`tls-exporter` is 32 bytes of keying material exported with the label `EXPORTER-Channel-Binding` and an empty context, another for each connection, resumed or not.',
      source: 'RFC 9266 §2; GIO G_TLS_CHANNEL_BINDING_TLS_EXPORTER',
      cases: [
        'channel-binding/tls-exporter/equal-at-both-ends',
        'channel-binding/tls-exporter/equal-on-a-resumed-connection',
        'channel-binding/tls-exporter/exported-with-its-label',
        'channel-binding/tls-exporter/equal-to-an-independent-server',
      ],
    },
    {
      id: 'channel-binding-while-open',
      level: 'must',
      statement:
        'A channel binding is there while the connection is open or half closed. Before the handshake is complete, after it failed and after close it is `CHANNEL_BINDING_INVALID_STATE`.',
      source: 'GIO GTlsChannelBindingError: INVALID_STATE',
      cases: [
        'channel-binding/tls-unique/not-before-the-handshake-nor-after-close',
        'channel-binding/tls-unique/not-during-the-handshake-nor-after-it-failed',
        'channel-binding/tls-unique/on-a-half-closed-connection',
        'channel-binding/tls-server-end-point/not-before-the-handshake-nor-after-close',
        'channel-binding/tls-server-end-point/not-during-the-handshake-nor-after-it-failed',
        'channel-binding/tls-server-end-point/on-a-half-closed-connection',
        'channel-binding/tls-exporter/not-before-the-handshake-nor-after-close',
        'channel-binding/tls-exporter/not-during-the-handshake-nor-after-it-failed',
        'channel-binding/tls-exporter/on-a-half-closed-connection',
      ],
    },
    {
      id: 'keying-material-export',
      level: 'may',
      statement:
        'Exported keying material is what the RFC says, the same at both ends, resumed or not, and another for another connection, label or context. There is none before the handshake or after close, and none of a senseless length.',
      source: 'RFC 5705 §4; RFC 8446 §7.5',
      cases: [
        'channel-binding/exporter/equal-at-both-ends',
        'channel-binding/exporter/equal-on-a-resumed-connection',
        'channel-binding/exporter/equal-to-an-independent-server',
        'channel-binding/exporter/only-while-open',
      ],
    },
    {
      id: 'key-log-format',
      level: 'may',
      statement:
        'The key log gives one line for each secret, in NSS format without line end, and names the connection by the client random that was on the wire.',
      source: 'NSS key log format; TlsCapabilities.keyLog',
      cases: ['channel-binding/key-log/names-the-client-random'],
    },
    {
      id: 'key-log-secrets',
      level: 'may',
      statement:
        'In TLS 1.3 the key log gives the traffic secrets of the handshake and of the data, each under its own label, so that the connection can be decrypted with them.',
      source: 'NSS key log format; RFC 8446 §7.1',
      cases: ['channel-binding/key-log/secrets-of-an-independent-server'],
    },
    {
      id: 'unclaimed-secrets-refused',
      level: 'must',
      statement:
        'A channel binding that the backend does not claim is `CHANNEL_BINDING_NOT_IMPLEMENTED`; keying material or a key log that it does not claim is `TLS_NOT_SUPPORTED`.',
      source: 'GIO GTlsChannelBindingError: NOT_IMPLEMENTED; TlsCapabilities',
      cases: [
        'channel-binding/tls-unique/refused-where-it-is-not-claimed',
        'channel-binding/tls-server-end-point/refused-where-it-is-not-claimed',
        'channel-binding/tls-exporter/refused-where-it-is-not-claimed',
        'channel-binding/exporter/refused-where-it-is-not-claimed',
        'channel-binding/key-log/refused-where-it-is-not-claimed',
      ],
    },
  ],
}
