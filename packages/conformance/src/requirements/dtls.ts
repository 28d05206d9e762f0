import type { RequirementGroup } from '../requirement.js'

export const dtlsRequirements: RequirementGroup = {
  title: 'Datagrams',
  subject: 'backend',
  requirements: [
    {
      id: 'dtls-handshake',
      level: 'must',
      statement:
        'A DTLS handshake tells the version, the cipher suite, the certificate of the server and how much fits into a message, and then carries messages both ways.',
      source: 'GIO GDtlsConnection; RFC 6347 §4.2',
      cases: ['dtls/handshake/facts'],
    },
    {
      id: 'dtls-flights-sent-again',
      level: 'must',
      statement:
        'A DTLS handshake survives lost, doubled, late and reordered datagrams: each end sends its flight again, the last one too.',
      source: 'RFC 6347 §4.2.4',
      cases: [
        'dtls/handshake/loss-of-5-percent',
        'dtls/handshake/loss-of-20-percent',
        'dtls/handshake/any-one-datagram-lost',
      ],
    },
    {
      id: 'dtls-vanished-peer-times-out',
      level: 'must',
      statement:
        'A handshake whose peer does not answer repeats its flight, later each time, and then rejects with `IO_TIMED_OUT`.',
      source: 'RFC 6347 §4.2.4.1; GIO G_IO_ERROR_TIMED_OUT',
      cases: ['dtls/handshake/peer-that-vanished'],
    },
    {
      id: 'dtls-strangers-dropped',
      level: 'must',
      statement:
        'Datagrams that are no DTLS, damaged or cannot be verified change nothing, before, during and after the handshake.',
      source: 'RFC 6347 §4.1.2.7',
      cases: ['dtls/handshake/strangers-are-dropped', 'dtls/messages/damaged-ones-are-dropped'],
    },
    {
      id: 'dtls-peer-judged',
      level: 'must',
      statement:
        'A server whose certificate is for another name is refused over datagrams as over streams, and is told so by an alert.',
      source: 'GIO GDtlsClientConnection:server-identity',
      cases: ['dtls/handshake/wrong-name-refused'],
    },
    {
      id: 'dtls-client-certificates',
      level: 'should',
      statement:
        'A server that asks its client for a certificate sees it over datagrams, too, and refuses a client without one if it insists.',
      source: 'GIO GDtlsServerConnection:authentication-mode; TlsCapabilities.clientAuthentication',
      cases: ['dtls/handshake/client-certificate', 'dtls/handshake/client-without-certificate'],
    },
    {
      id: 'dtls-application-protocol',
      level: 'should',
      statement: 'ALPN agrees on a protocol over datagrams as over streams.',
      source: 'GIO GDtlsConnection:negotiated-protocol; TlsCapabilities.alpn',
      cases: ['dtls/handshake/application-protocol'],
    },
    {
      id: 'dtls-keying-material',
      level: 'should',
      statement:
        'Both ends of a DTLS connection export the same keying material and channel bindings, and no other connection does.',
      source: 'RFC 5705; TlsCapabilities.keyingMaterialExport',
      cases: ['dtls/handshake/exported-keying-material'],
    },
    {
      id: 'dtls-cookies',
      level: 'must',
      statement:
        'A server answers a client with a cookie first, which is good for its address alone, and keeps nothing for it before that.',
      source: 'RFC 6347 §4.2.1',
      cases: ['dtls/cookie'],
    },
    {
      id: 'dtls-message-is-a-record',
      level: 'must',
      statement:
        'One message is one record in one datagram: none is joined, cut, doubled or held back for another. An empty one is a `TypeError`.',
      source: 'GIO g_datagram_based_send_messages(), g_datagram_based_receive_messages()',
      cases: [
        'dtls/messages/borders-are-kept',
        'dtls/messages/none-twice',
        'dtls/messages/whatever-the-order',
        'dtls/messages/empty-is-a-mistake',
      ],
    },
    {
      id: 'dtls-message-too-large',
      level: 'must',
      statement:
        'A message that does not fit is refused with `IO_MESSAGE_TOO_LARGE` before anything is sent, and the connection goes on.',
      source: 'GIO G_IO_ERROR_MESSAGE_TOO_LARGE',
      cases: ['dtls/messages/too-large-is-refused'],
    },
    {
      id: 'dtls-datagram-size',
      level: 'must',
      statement:
        'No datagram is larger than asked for, of the handshake and of messages, which use what there is.',
      source: 'RFC 6347 §4.1.1',
      cases: ['dtls/messages/datagram-size-is-kept'],
    },
    {
      id: 'dtls-shutdown-by-direction',
      level: 'must',
      statement:
        'A shutdown closes the directions it is told and no other: `write` sends close_notify, `read` sends nothing, neither does nothing.',
      source: 'GIO g_dtls_connection_shutdown()',
      cases: ['dtls/shutdown'],
    },
    {
      id: 'dtls-close',
      level: 'must',
      statement:
        'Closing sends close_notify after what was sent, and waits for nobody; a receiver that waits for one that was lost can be given up.',
      source: 'GIO g_dtls_connection_close(); RFC 5246 §7.2.1',
      cases: ['dtls/close/peer-is-told', 'dtls/close/lost-close-notify'],
    },
    {
      id: 'dtls-socket-left-open',
      level: 'must',
      statement:
        'The socket below is open and nobody listens to it any more, after close as after an abort.',
      source: 'GIO GDtlsConnection:base-socket',
      cases: ['dtls/close/socket-stays-open', 'dtls/abort/socket-stays-open'],
    },
  ],
}
