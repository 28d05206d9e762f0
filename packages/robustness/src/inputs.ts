import { concat } from '@tlsio/core/wire'

/** Bytes that are no proper TLS, by what is wrong with them, and the codes that are an answer to them. */
export const inputs: Readonly<Record<string, { bytes: Uint8Array; codes: readonly string[] }>> = {
  nothing: notTls(''),
  'one-byte': notTls('16'),
  'header-only': notTls('16 0303 0100'),
  noise: notTls('8f3a99c2d1e07755 8f3a99c2d1e07755'),
  zeros: { bytes: new Uint8Array(100), codes: ['TLS_NOT_TLS'] },
  'all-ones': { bytes: new Uint8Array(100).fill(255), codes: ['TLS_NOT_TLS'] },
  'smtp-greeting': text('220 a.test ESMTP\r\n'),
  'http-request': text('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'),
  'http-connect': text('CONNECT a.test:443 HTTP/1.1\r\n\r\n'),
  'http-response': text('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  'sslv2-hello': notTls(
    `802e 01 0002 0015 0000 0010 0700c0 050080 030080 010080 060040 040080 020080${'07'.repeat(16)}`,
  ),
  // OpenSSL understands it and finds nothing in common.
  'sslv2-hello-for-tls': either(`801c 01 0303 0003 0000 0010 00002f${'07'.repeat(16)}`),
  'ssl3-record': either('16 0300 0004 02 000000'),
  'oversize-record': record('16 0303 ffff', 0xffff, 'TLS_NOT_TLS', 'TLS_MISC'),
  'oversize-record-by-one': record('16 0301 4801', 0x4801, 'TLS_NOT_TLS', 'TLS_MISC'),
  'oversize-data-record': record('17 0303 ffff', 0xffff, 'TLS_NOT_TLS', 'TLS_MISC'),
  'oversize-message': either('16 0303 0004 01 ffffff'),
  'oversize-answer': either('16 0303 0004 02 ffffff'),
  'empty-handshake-record': either('16 0303 0000'),
  'empty-handshake-records': either('16 0303 0000'.repeat(100)),
  'empty-alert': either('15 0303 0000'),
  'empty-data-record': either('17 0303 0000'),
  'empty-data-records': either('17 0303 0000'.repeat(100)),
  'empty-change-cipher-spec': either('14 0303 0000'),
  'change-cipher-spec-first': either('14 0303 0001 01'),
  'change-cipher-specs': either('14 0303 0001 01'.repeat(100)),
  'data-first': either('17 0303 0004 01020304'),
  'unknown-record-type': either('63 0303 0004 01020304'),
  heartbeat: either('18 0303 0003 01 4000'),
  'finished-first': either(`16 0303 0010 14 00000c${'00'.repeat(12)}`),
  'hello-request': either('16 0303 0004 00 000000'),
  'empty-server-hello': either('16 0303 0004 02 000000'),
  'empty-client-hello': either('16 0303 0004 01 000000'),
  'cut-client-hello': either('16 0303 0006 01 000002 0303'),
  'alert-of-one-byte': either('15 0303 0001 02'),
  'two-alerts-in-one-record': either('15 0303 0004 0228 0228', 'TLS_HANDSHAKE'),
  'alert-of-unknown-level': either('15 0303 0002 0928', 'TLS_HANDSHAKE'),
  'warnings-without-end': either('15 0303 0002 015a'.repeat(100)),
  'close-notify': notTls('15 0303 0002 0100'),
  'fatal-close-notify': notTls('15 0303 0002 0200'),
}

function notTls(hexadecimal: string) {
  return { bytes: fromHex(hexadecimal), codes: ['TLS_NOT_TLS'] }
}

/** Close enough to TLS that it depends on the version at which state it fails. */
function either(hexadecimal: string, ...more: readonly string[]) {
  const codes = ['TLS_NOT_TLS', 'TLS_MISC', 'TLS_HANDSHAKE', ...more]
  return { bytes: fromHex(hexadecimal), codes }
}

function record(header: string, length: number, ...codes: readonly string[]) {
  return { bytes: concat(fromHex(header), new Uint8Array(length)), codes }
}

function text(line: string) {
  return { bytes: new TextEncoder().encode(line), codes: ['TLS_NOT_TLS'] }
}

function fromHex(hexadecimal: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hexadecimal.replaceAll(' ', ''), 'hex'))
}
