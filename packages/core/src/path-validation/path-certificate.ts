import { textOf } from '../byte-text.js'
import { sameBytes } from '../same-bytes.js'
import {
  type DerElement,
  DerError,
  readBitStringBytes,
  readDer,
  readInteger,
  readSmallInteger,
  readTime,
  Tag,
} from './der.js'
import {
  type CertificateExtensions,
  interpretExtensions,
  type RawExtension,
  readExtensions,
} from './extensions.js'
import { type DistinguishedName, readDistinguishedName } from './names.js'
import { type PublicKey, readPublicKey } from './public-key.js'
import {
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type UnsupportedAlgorithm,
} from './signature-algorithm.js'

/** A certificate as path validation needs it (RFC 5280 §4.1). Shares the bytes it was read from. */
export class PathCertificate {
  /** The whole certificate. */
  readonly der: Uint8Array
  /** The whole certificate as a text of its own, to tell it from others. */
  readonly text: string
  /** 2 for version 3. */
  readonly version: number
  /** Two's complement. */
  readonly serialNumber: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** {@link issuer} as one text. */
  readonly issuerKey: string
  /** {@link subject} as one text. */
  readonly subjectKey: string
  /** The subject as it is encoded. */
  readonly subjectDer: Uint8Array
  /** First and last instant of validity, in milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: PublicKey
  /** What the signature is over. */
  readonly signed: Uint8Array
  readonly algorithm: SignatureAlgorithm | UnsupportedAlgorithm
  /** Whether the algorithm is the same inside of what is signed. */
  readonly isAlgorithmSigned: boolean
  readonly signature: Uint8Array
  readonly #rawExtensions: readonly RawExtension[]
  #extensions: CertificateExtensions | undefined

  /** @throws {@link DerError} if the bytes are no certificate. */
  constructor(der: Uint8Array) {
    if (der.length > LONGEST_CERTIFICATE) throw new DerError('The certificate is absurdly long.')
    const certificate = readDer(der, Tag.SEQUENCE).parts()
    const signed = certificate.next(Tag.SEQUENCE)
    const algorithm = certificate.next(Tag.SEQUENCE).bytes
    this.signature = readBitStringBytes(certificate.next(Tag.BIT_STRING))
    certificate.end()
    this.der = der
    this.text = textOf(der)
    this.signed = signed.bytes
    this.algorithm = readSignatureAlgorithm(algorithm)

    const parts = signed.parts()
    const version = parts.optional(0xa0)
    this.version = version === undefined ? 0 : readVersion(version)
    this.serialNumber = readInteger(parts.next(Tag.INTEGER))
    this.isAlgorithmSigned = sameBytes(parts.next(Tag.SEQUENCE).bytes, algorithm)
    this.issuer = readDistinguishedName(parts.next(Tag.SEQUENCE))
    const [notBefore, notAfter, ...more] = parts.next(Tag.SEQUENCE).parts().rest()
    if (notBefore === undefined || notAfter === undefined || more.length > 0) {
      throw new DerError('This is no validity.')
    }
    this.notBefore = readTime(notBefore)
    this.notAfter = readTime(notAfter)
    const subject = parts.next(Tag.SEQUENCE)
    this.subjectDer = subject.bytes
    this.subject = readDistinguishedName(subject)
    this.publicKey = readPublicKey(parts.next(Tag.SEQUENCE))
    parts.optional(0x81)
    parts.optional(0x82)
    const extensions = parts.optional(0xa3)
    parts.end()
    this.#rawExtensions =
      extensions === undefined ? [] : readExtensions(readDer(extensions.content, Tag.SEQUENCE))
    this.issuerKey = this.issuer.join(',')
    this.subjectKey = this.subject.join(',')
  }

  /** What its extensions say, and what is wrong with them. */
  get extensions(): CertificateExtensions {
    this.#extensions ??= interpretExtensions(this.#rawExtensions)
    return this.#extensions
  }

  /** RFC 5280 §3.2: issuer and subject are the same entity. Who signed it is another question. */
  get isSelfIssued(): boolean {
    return this.issuerKey === this.subjectKey
  }
}

function readVersion(element: DerElement): number {
  const version = readSmallInteger(readDer(element.content, Tag.INTEGER))
  // X.690 §11.5: DER leaves out a value that is the default.
  if (version < 1 || version > 2) throw new DerError('There is no such version.')
  return version
}

/** In bytes. The longest in use have some thousand names. */
const LONGEST_CERTIFICATE = 128 * 1024
