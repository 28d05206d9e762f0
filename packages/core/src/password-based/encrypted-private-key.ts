import { EncryptedPrivateKeyInfo } from '@peculiar/asn1-pkcs8'
import { TlsError } from '../errors.js'
import { parseAsn1 } from './asn1-parameters.js'
import { decryptWithPassword } from './decryption.js'
import { DerivationWork } from './derivation-work.js'
import { unreadable } from './refusals.js'

/**
 * Decrypts a private key.
 *
 * @param name - how to speak of it, to begin a sentence with.
 * @param der - EncryptedPrivateKeyInfo.
 * @param password - in UTF-8.
 * @returns PKCS #8; to be filled with zeros after use.
 * @throws TlsError `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong; `TLS_BAD_CERTIFICATE` if
 *   the data is damaged, encrypted in a way that is not supported, or asks for absurdly much work.
 * @see RFC 5958 §3
 */
export async function decryptPrivateKey(
  name: string,
  der: Uint8Array,
  password: Uint8Array,
): Promise<Uint8Array> {
  if (der.length > LONGEST_KEY) throw unreadable(`${name} is absurdly long.`)
  try {
    const { encryptionAlgorithm: algorithm, encryptedData } = parseAsn1(
      der,
      EncryptedPrivateKeyInfo,
    )
    const data = new Uint8Array(encryptedData.buffer)
    return await decryptWithPassword({ name, algorithm, data }, password, new DerivationWork())
  } catch (cause) {
    if (cause instanceof TlsError) throw cause
    throw unreadable(`${name} is damaged.`, cause)
  }
}

/** In bytes. The key of RSA with 16,384 bits has 9,300. */
const LONGEST_KEY = 64 * 1024
