import { type TlsCertificate, TlsError, type TlsErrorCode } from '@tlsio/core'
import { alertNumber } from '@tlsio/core/backend'
import {
  type ClientHello,
  concat,
  ExtensionType,
  HandshakeType,
  parseClientHello,
} from '@tlsio/core/wire'
import { bytesOf } from '../bytes.js'
import { extension, message, uint, vector } from './encoding.js'
import { hashLength } from './key-schedule.js'

/** Messages of TLS 1.3 that are never in the clear (RFC 8446 §4). */
export const EncryptedType = {
  NEW_SESSION_TICKET: 4,
  ENCRYPTED_EXTENSIONS: 8,
  CERTIFICATE: 11,
  CERTIFICATE_VERIFY: 15,
  FINISHED: 20,
} as const

const KEY_SHARE = 51
const SUITE = 0x1301
const TLS_1_2 = 0x0303
const TLS_1_3 = 0x0304
const RSA_PSS_SHA256 = 0x0804
const NONE = new Uint8Array(0)

/** A ClientHello that this server can answer. */
export function readHello(body: Uint8Array): ClientHello {
  const parsed = parseClientHello(body)
  if (!parsed.ok) throw fatal('decode_error', `The ClientHello is damaged: ${parsed.problem}.`)
  const hello = parsed.value
  if (!hello.supportedVersions.includes(TLS_1_3)) {
    throw fatal('protocol_version', 'The client does not speak TLS 1.3.', {}, 'TLS_HANDSHAKE')
  }
  if (!hello.cipherSuites.includes(SUITE)) {
    throw fatal('handshake_failure', 'The client lacks TLS_AES_128_GCM_SHA256.')
  }
  return hello
}

/** The client's shares by group (RFC 8446 §4.2.8). */
export function keyShares(hello: ClientHello): ReadonlyMap<number, Uint8Array> {
  const data = hello.extensions.find(({ type }) => type === KEY_SHARE)?.data ?? NONE
  const shares = new Map<number, Uint8Array>()
  const number = (at: number) => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
  for (let at = 2; at + 4 <= data.length; at += 4 + number(at + 2)) {
    shares.set(number(at), data.subarray(at + 4, at + 4 + number(at + 2)))
  }
  return shares
}

/** RFC 8446 §4.1.3. */
export function serverHello(
  { sessionId }: ClientHello,
  keyShare: Uint8Array,
  chosenPsk: number | undefined,
): Uint8Array {
  const { PRE_SHARED_KEY, SUPPORTED_VERSIONS } = ExtensionType
  return message(
    HandshakeType.SERVER_HELLO,
    uint(TLS_1_2, 2),
    crypto.getRandomValues(new Uint8Array(32)),
    vector(1, sessionId),
    uint(SUITE, 2),
    uint(0, 1),
    vector(
      2,
      extension(SUPPORTED_VERSIONS, uint(TLS_1_3, 2)),
      extension(KEY_SHARE, keyShare),
      chosenPsk === undefined ? NONE : extension(PRE_SHARED_KEY, uint(chosenPsk, 2)),
    ),
  )
}

/** RFC 8446 §4.3.1, with the protocol agreed by ALPN, if there is one. */
export function encryptedExtensions(protocol: string | undefined): Uint8Array {
  const { APPLICATION_LAYER_PROTOCOL_NEGOTIATION: type } = ExtensionType
  const alpn =
    protocol === undefined ? NONE : extension(type, vector(2, vector(1, bytesOf(protocol))))
  return message(EncryptedType.ENCRYPTED_EXTENSIONS, vector(2, alpn))
}

/** RFC 8446 §4.4.2. */
export function certificateMessage(certificate: TlsCertificate): Uint8Array {
  const entries = certificate.chain().map(({ der }) => concat(vector(3, der), vector(2)))
  return message(EncryptedType.CERTIFICATE, vector(1), vector(3, ...entries))
}

/** RFC 8446 §4.4.3. */
export async function certificateVerify(
  certificate: TlsCertificate,
  transcript: Uint8Array,
): Promise<Uint8Array> {
  const { subtle } = crypto
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' }
  const der = Uint8Array.from(certificate.privateKeyDer ?? NONE)
  const key = await subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
  const hash = await subtle.digest('SHA-256', Uint8Array.from(transcript))
  const content = concat(
    new Uint8Array(64).fill(0x20),
    bytesOf('TLS 1.3, server CertificateVerify\0'),
    new Uint8Array(hash),
  )
  const pss = { name: 'RSA-PSS', saltLength: hashLength }
  const signature = new Uint8Array(await subtle.sign(pss, key, Uint8Array.from(content)))
  return message(EncryptedType.CERTIFICATE_VERIFY, uint(RSA_PSS_SHA256, 2), vector(2, signature))
}

/** RFC 8446 §4.6.1; the lifetime is in seconds. */
export function newSessionTicket(
  lifetime: number,
  nonce: Uint8Array,
  identity: Uint8Array,
): Uint8Array {
  const ageAdd = crypto.getRandomValues(new Uint8Array(4))
  return message(
    EncryptedType.NEW_SESSION_TICKET,
    uint(lifetime, 4),
    ageAdd,
    vector(1, nonce),
    vector(2, identity),
    vector(2),
  )
}

/** A failure that the client is told of by an alert, named as in RFC 8446 §6. */
export function fatal(
  alert: string,
  text: string,
  options: { readonly cause?: unknown } = {},
  code: TlsErrorCode = 'TLS_MISC',
): TlsError {
  return new TlsError(code, text, { ...options, alert: alertNumber(alert) ?? 80 })
}
