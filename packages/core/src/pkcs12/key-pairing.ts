import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import { chainFrom } from '../certificate-link.js'
import { parseAsn1 } from '../password-based/asn1-parameters.js'
import { unreadable } from '../password-based/refusals.js'
import { fitsPublicKey } from './key-fit.js'
import type { BaggedCertificate, SafeBags } from './safe-bags.js'

/** A private key and the certificates that belong to it. */
export interface KeyWithChain {
  /** DER, the leaf first, each the issuer of the one before. */
  readonly chain: readonly Uint8Array[]
  /** PKCS #8, unencrypted. A copy, which whoever gets it may fill with zeros. */
  readonly privateKey: Uint8Array
}

/**
 * Finds the certificate of the first key that has one, and the issuers of that.
 *
 * What the container says belongs together is looked at first. But the public key decides, where it
 * can be told: a certificate with another key's would fail in each handshake.
 *
 * @throws TlsError `TLS_BAD_CERTIFICATE` if there is no such pair.
 */
export async function pairKey({ certificates, keys }: SafeBags): Promise<KeyWithChain> {
  if (certificates.length === 0) throw unreadable('The container has no certificate.')
  if (keys.length === 0) throw unreadable('The container has no private key.')
  if (keys.length > MOST_KEYS) throw unreadable('The container has absurdly many private keys.')
  const read = certificates.map(readCertificate)
  for (const key of keys) {
    const leaf = await certificateOf(key, read)
    if (leaf === undefined) continue
    const chain = chainFrom([leaf, ...read.filter((one) => one !== leaf)].map(({ der }) => der))
    return { chain, privateKey: Uint8Array.from(key.der) }
  }
  throw unreadable('No private key in the container belongs to one of its certificates.')
}

interface ReadCertificate extends BaggedCertificate {
  readonly publicKey: Uint8Array
}

async function certificateOf(
  key: { readonly der: Uint8Array; readonly localKeyId: string | undefined },
  certificates: readonly ReadCertificate[],
): Promise<ReadCertificate | undefined> {
  const named = certificates.filter(
    ({ localKeyId }) => key.localKeyId !== undefined && localKeyId === key.localKeyId,
  )
  const unclear: ReadCertificate[] = []
  for (const certificate of [...named, ...certificates.filter((one) => !named.includes(one))]) {
    const fits = await fitsPublicKey(key.der, certificate.publicKey)
    if (fits) return certificate
    if (fits === undefined) unclear.push(certificate)
  }
  // A kind of key that cannot be compared here: the container's word, or there is no other.
  return (
    unclear.find((one) => named.includes(one)) ?? (unclear.length === 1 ? unclear[0] : undefined)
  )
}

function readCertificate(certificate: BaggedCertificate): ReadCertificate {
  const { subjectPublicKeyInfo } = parseAsn1(certificate.der, Certificate).tbsCertificate
  return {
    ...certificate,
    publicKey: new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo)),
  }
}

const MOST_KEYS = 20
