import { concat } from '@tlsio/core/wire'
import { bytesOf } from '../bytes.js'
import { uint, vector } from './encoding.js'

/** Length of SHA-256, and of every secret made with it. */
export const hashLength = 32

const ZEROS = new Uint8Array(hashLength)
const NONE = new Uint8Array(0)

/** SHA-256. */
export async function digest(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(data)))
}

/** HMAC with SHA-256. */
export async function hmac(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), algorithm, false, [
    'sign',
  ])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, Uint8Array.from(data)))
}

/** HKDF-Expand-Label (RFC 8446 §7.1; RFC 5869 §2.3). */
export async function expandLabel(
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const info = concat(uint(length, 2), vector(1, bytesOf(`tls13 ${label}`)), vector(1, context))
  let block: Uint8Array = NONE
  let made: Uint8Array = NONE
  for (let count = 1; made.length < length; count++) {
    block = await hmac(secret, concat(block, info, Uint8Array.of(count)))
    made = concat(made, block)
  }
  return made.subarray(0, length)
}

/** Derive-Secret, of the messages so far (RFC 8446 §7.1). */
export async function deriveSecret(
  secret: Uint8Array,
  label: string,
  messages: Uint8Array,
): Promise<Uint8Array> {
  return expandLabel(secret, label, await digest(messages), hashLength)
}

/** TLS-Exporter; without a context it is the same as with an empty one (RFC 8446 §7.5). */
export async function exportKeyingMaterial(
  secret: Uint8Array,
  label: string,
  length: number,
  context: Uint8Array = NONE,
): Promise<Uint8Array> {
  const ofLabel = await deriveSecret(secret, label, NONE)
  return expandLabel(ofLabel, 'exporter', await digest(context), length)
}

/** The MAC of a Finished message or a PSK binder, of the messages so far (RFC 8446 §4.4.4). */
export async function finishedMac(secret: Uint8Array, messages: Uint8Array): Promise<Uint8Array> {
  return hmac(await expandLabel(secret, 'finished', NONE, hashLength), await digest(messages))
}

/** The first secret: of a ticket's key, or of nothing. */
export async function earlySecret(psk: Uint8Array = ZEROS): Promise<Uint8Array> {
  return hmac(ZEROS, psk)
}

/** The next secret of the schedule, with what comes in: of the key exchange, or nothing. */
export async function nextSecret(
  secret: Uint8Array,
  input: Uint8Array = ZEROS,
): Promise<Uint8Array> {
  return hmac(await deriveSecret(secret, 'derived', NONE), input)
}
