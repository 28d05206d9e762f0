import { type TlsCertificate, TlsError, type TlsErrorCode } from '@tlsio/core'
import { alertNumber } from '@tlsio/core/backend'
import { concat, ExtensionType } from '@tlsio/core/wire'
import { bytesOf } from '../bytes.js'
import { extension, message, sameBytes, uint, vector } from './encoding.js'
import { hashLength } from './key-schedule.js'

/** Messages of TLS 1.3 that are never in the clear (RFC 8446 §4). */
export const EncryptedType = {
  NEW_SESSION_TICKET: 4,
  ENCRYPTED_EXTENSIONS: 8,
  CERTIFICATE: 11,
  CERTIFICATE_VERIFY: 15,
  FINISHED: 20,
  KEY_UPDATE: 24,
} as const

/** Whether who gets a KeyUpdate is to send one, too (RFC 8446 §4.6.3). */
export type KeyUpdateRequest = 'update_not_requested' | 'update_requested'

const keyUpdateRequests: readonly KeyUpdateRequest[] = ['update_not_requested', 'update_requested']

const RSA_PSS_SHA256 = 0x0804
const NONE = new Uint8Array(0)

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

/** RFC 8446 §4.6.3. */
export function keyUpdate(request: KeyUpdateRequest): Uint8Array {
  return message(EncryptedType.KEY_UPDATE, uint(keyUpdateRequests.indexOf(request), 1))
}

/** What a KeyUpdate asks for; a client has nothing else to say after the handshake. */
export function readKeyUpdate(content: Uint8Array): KeyUpdateRequest {
  for (const request of keyUpdateRequests) {
    if (sameBytes(content, keyUpdate(request))) return request
  }
  throw fatal('unexpected_message', 'After the handshake only a KeyUpdate may come.')
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
