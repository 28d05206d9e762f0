import { IoError, TlsError } from '@tlsio/core'
import test from 'ava'
import { tlsErrorFrom } from '#src/tls-errors.js'

function nodeError(code: string, message = code, more: object = {}): Error {
  return Object.assign(new Error(message), { code, ...more })
}

// Spelt as on Node 20 (OpenSSL 3.0) and as on Node 22 to 26 (OpenSSL 3.5).
const table: [code: string, expected: string, alert?: number][] = [
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_NOT_TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'TLS_NOT_TLS'],
  ['ERR_SSL_HTTP_REQUEST', 'TLS_NOT_TLS'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'TLS_HANDSHAKE'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'TLS_HANDSHAKE'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'TLS_HANDSHAKE', 40],
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'TLS_HANDSHAKE', 40],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS_HANDSHAKE', 70],
  ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'TLS_HANDSHAKE', 120],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'TLS_BAD_CERTIFICATE', 48],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'TLS_BAD_CERTIFICATE', 42],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'TLS_BAD_CERTIFICATE', 45],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'TLS_CERTIFICATE_REQUIRED', 116],
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'TLS_CERTIFICATE_REQUIRED'],
  ['ERR_SSL_TLSV1_ALERT_INAPPROPRIATE_FALLBACK', 'TLS_INAPPROPRIATE_FALLBACK', 86],
  ['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', 'TLS_MISC', 20],
  ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'TLS_HANDSHAKE', 112],
  ['ERR_SSL_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE', 'TLS_BAD_CERTIFICATE', 113],
  ['ERR_SSL_TLSV1_ALERT_USER_CANCELLED', 'TLS_MISC', 90],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'TLS_MISC'],
  ['ERR_SSL_SOMETHING_NEW', 'TLS_MISC'],
]

for (const [code, expected, alert] of table) {
  test(`tls-errors/${code}`, (t) => {
    const cause = nodeError(code)
    const error = tlsErrorFrom(cause, 'handshake') as TlsError
    t.true(error instanceof TlsError)
    t.is(error.code, expected as never)
    t.is(error.alert, alert)
    t.is(error.cause, cause)
  })
}

test('tls-errors/EPROTO-says-it-in-its-message', (t) => {
  const text =
    'write EPROTO 140:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/x.c:355:\n'
  t.is((tlsErrorFrom(nodeError('EPROTO', text), 'handshake') as TlsError).code, 'TLS_NOT_TLS')
})

test('tls-errors/end-during-the-handshake-is-not-tls', (t) => {
  const end = nodeError('ECONNRESET')
  t.is((tlsErrorFrom(end, 'handshake') as TlsError).code, 'TLS_NOT_TLS')
  t.is((tlsErrorFrom(end, 'open') as IoError).code, 'IO_BROKEN_PIPE')
})

test('tls-errors/reset-is-a-broken-pipe-in-either-phase', (t) => {
  const reset = nodeError('ECONNRESET', 'read ECONNRESET', { errno: -104 })
  t.is((tlsErrorFrom(reset, 'handshake') as IoError).code, 'IO_BROKEN_PIPE')
  t.is((tlsErrorFrom(reset, 'open') as IoError).code, 'IO_BROKEN_PIPE')
})

test('tls-errors/ours-stay-as-they-are', (t) => {
  const error = new IoError('IO_BROKEN_PIPE', 'gone')
  t.is(tlsErrorFrom(error, 'open'), error)
})

test('tls-errors/closed-below-is-broken-above', (t) => {
  const below = new IoError('IO_CLOSED', 'closed')
  const error = tlsErrorFrom(below, 'open') as IoError
  t.is(error.code, 'IO_BROKEN_PIPE')
  t.is(error.cause, below)
})
