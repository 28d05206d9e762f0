import {
  CertBag,
  id_certBag,
  id_keyBag,
  id_pkcs8ShroudedKeyBag,
  id_SafeContents,
  id_x509Certificate,
  PKCS8ShroudedKeyBag,
  type SafeBag,
  SafeContents,
} from '@peculiar/asn1-pfx'
import type { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { parseAsn1, parseOctets } from '../password-based/asn1-parameters.js'
import { unreadable } from '../password-based/refusals.js'

/** A certificate in a container. */
export interface BaggedCertificate {
  readonly der: Uint8Array
  /** What tells which key is its own, as text with a character for each byte. */
  readonly localKeyId: string | undefined
}

/** A private key in a container. */
export interface BaggedKey {
  /** PKCS #8. */
  readonly der: Uint8Array
  readonly localKeyId: string | undefined
}

/** What a container has in it: certificates and keys. All else in it is left out. */
export class SafeBags {
  readonly certificates: BaggedCertificate[] = []
  readonly keys: BaggedKey[] = []
  readonly #encrypted: {
    data: Uint8Array
    algorithm: AlgorithmIdentifier
    id: string | undefined
  }[] = []
  readonly #secrets: Uint8Array[] = []
  #count = 0
  #next = 0

  /** Keys that are encrypted by themselves. Each is to be decrypted and added, in this order. */
  get encryptedKeys(): readonly {
    readonly data: Uint8Array
    readonly algorithm: AlgorithmIdentifier
  }[] {
    return this.#encrypted
  }

  /**
   * Adds the bags of a SafeContents.
   *
   * @throws TlsError `TLS_BAD_CERTIFICATE` if there are absurdly many, or any other error if the data
   *   is damaged.
   */
  add(contents: Uint8Array): void {
    this.#addContents(contents, 0)
  }

  /** The same, of bytes that are filled with zeros in the end. */
  addSecret(contents: Uint8Array): void {
    this.#secrets.push(contents)
    this.add(contents)
  }

  /** Adds the next one of the {@link encryptedKeys}, decrypted. */
  addKey(der: Uint8Array): void {
    const localKeyId = this.#encrypted[this.#next++]?.id
    this.#secrets.push(der)
    this.keys.push({ der, localKeyId })
  }

  /** Fills with zeros what has been decrypted. */
  wipe(): void {
    for (const bytes of this.#secrets) bytes.fill(0)
  }

  #addContents(contents: Uint8Array, depth: number): void {
    if (depth > DEEPEST) throw unreadable('The container has absurdly deep parts.')
    for (const bag of parseAsn1(contents, SafeContents)) {
      if (++this.#count > MOST_BAGS) throw unreadable('The container has absurdly many parts.')
      this.#addBag(bag, depth)
    }
  }

  #addBag(bag: SafeBag, depth: number): void {
    const { bagId, bagValue } = bag
    if (bagId === id_certBag) {
      const { certId, certValue } = parseAsn1(bagValue, CertBag)
      if (certId !== id_x509Certificate) return
      const der = parseOctets(certValue)
      this.certificates.push({ der, localKeyId: localKeyId(bag) })
    } else if (bagId === id_keyBag) {
      const der = new Uint8Array(bagValue)
      this.#secrets.push(der)
      this.keys.push({ der, localKeyId: localKeyId(bag) })
    } else if (bagId === id_pkcs8ShroudedKeyBag) {
      const { encryptionAlgorithm, encryptedData } = parseAsn1(bagValue, PKCS8ShroudedKeyBag)
      const data = new Uint8Array(encryptedData.buffer)
      this.#encrypted.push({ data, algorithm: encryptionAlgorithm, id: localKeyId(bag) })
    } else if (bagId === id_SafeContents) {
      this.#addContents(new Uint8Array(bagValue), depth + 1)
    }
  }
}

function localKeyId({ bagAttributes = [] }: SafeBag): string | undefined {
  const value = bagAttributes.find(({ attrId }) => attrId === LOCAL_KEY_ID)?.attrValues[0]
  if (value === undefined) return undefined
  return latin1.decode(parseOctets(value))
}

const latin1 = new TextDecoder('latin1')
/** PKCS #9 (RFC 2985 §5.5.2). */
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21'
const MOST_BAGS = 500
const DEEPEST = 4
