import { type ContentInfo, id_data, id_encryptedData } from '@peculiar/asn1-cms'
import { AuthenticatedSafe, type MacData, PFX } from '@peculiar/asn1-pfx'
import { TlsError } from '../errors.js'
import { parseAsn1, parseOctets } from '../password-based/asn1-parameters.js'
import { decryptWithPassword } from '../password-based/decryption.js'
import { DerivationWork } from '../password-based/derivation-work.js'
import { unreadable } from '../password-based/refusals.js'
import { EncryptedData } from './encrypted-data.js'
import { checkIntegrity } from './integrity.js'
import { type KeyWithChain, pairKey } from './key-pairing.js'
import { SafeBags } from './safe-bags.js'

/**
 * Takes the private key, its certificate and the issuers of that out of a PKCS #12 container.
 *
 * A container without a MAC is read, too: it says nothing about who made it that a MAC with the same
 * password would prove, and its key has to fit its certificate. All that is encrypted must be so by
 * the one password.
 *
 * @param password - in UTF-8.
 * @throws TlsError `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong or missing;
 *   `TLS_BAD_CERTIFICATE` if the data is damaged or absurd, is protected in a way that is not
 *   supported, or has no private key with a certificate of its own.
 * @see RFC 7292 §5
 */
export async function readPkcs12(
  bytes: Uint8Array,
  password: Uint8Array | undefined,
): Promise<KeyWithChain> {
  if (bytes.length > LONGEST_CONTAINER) throw unreadable('The container is absurdly long.')
  const bags = new SafeBags()
  try {
    return await read(bytes, password, bags)
  } catch (cause) {
    if (cause instanceof TlsError) throw cause
    throw unreadable('The data is not a PKCS #12 container, or a damaged one.', cause)
  } finally {
    bags.wipe()
  }
}

async function read(
  bytes: Uint8Array,
  password: Uint8Array | undefined,
  bags: SafeBags,
): Promise<KeyWithChain> {
  const work = new DerivationWork()
  const { version, authSafe, macData } = parseAsn1(bytes, PFX)
  if (version !== 3) throw unreadable(`The container has version ${version}, not 3.`)
  const content = octetsOf(authSafe, id_data)
  if (isPresent(macData)) await checkIntegrity(macData, content, password, work)
  const contents = parseAsn1(content, AuthenticatedSafe)
  if (contents.length > MOST_CONTENTS) throw unreadable('The container has absurdly many parts.')
  for (const info of contents) {
    if (info.contentType === id_data) bags.add(octetsOf(info, id_data))
    else bags.addSecret(await decryptContent(info, password, work))
  }
  for (const { algorithm, data } of bags.encryptedKeys) {
    const name = 'The private key in the container'
    bags.addKey(await decryptWithPassword({ name, algorithm, data }, password, work))
  }
  return await pairKey(bags)
}

/** The schema library gives an empty one for none. */
function isPresent({ mac }: MacData): boolean {
  return mac.digestAlgorithm.algorithm !== ''
}

function octetsOf({ contentType, content }: ContentInfo, expected: string): Uint8Array {
  if (contentType !== expected) throw unsupported(contentType)
  return parseOctets(content)
}

async function decryptContent(
  { contentType, content }: ContentInfo,
  password: Uint8Array | undefined,
  work: DerivationWork,
): Promise<Uint8Array> {
  if (contentType !== id_encryptedData) throw unsupported(contentType)
  const { encryptedContentInfo } = parseAsn1(content, EncryptedData)
  const { contentEncryptionAlgorithm: algorithm, encryptedContent } = encryptedContentInfo
  const parts = encryptedContent?.value
    ? [encryptedContent.value]
    : (encryptedContent?.constructedValue ?? [])
  const data = new Uint8Array(await new Blob(parts.map(({ buffer }) => buffer)).arrayBuffer())
  return decryptWithPassword({ name: 'The container', algorithm, data }, password, work)
}

function unsupported(contentType: string): TlsError {
  return unreadable(`Containers with content ${contentType} are not supported, only passwords.`)
}

/** In bytes. One with all CAs that browsers trust has about 250,000. */
const LONGEST_CONTAINER = 2 << 20
/** Usual is one for certificates and one for keys. */
const MOST_CONTENTS = 100
