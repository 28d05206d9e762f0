import { TlsCertificate, TlsError, type TlsInteraction } from '@tlsio/core'
import type { FileSource } from './chain-report.js'
import { pemBlocks } from './pem-blocks.js'

/** How to open what is locked. */
export interface ReaderContext {
  /** The password, if it was given. */
  readonly password: Uint8Array | undefined
  /** Whom to ask for it otherwise. */
  readonly interaction: TlsInteraction
  /** Ends the asking. */
  readonly signal: AbortSignal
}

/** One form that certificates in a file may have. */
export interface CertificateReader {
  /** Its name in reports. */
  readonly format: FileSource['format']
  /** Whether a file is of this form, as far as its first look tells. */
  recognises(bytes: Uint8Array): boolean
  /**
   * All certificates in it, in its order, not linked.
   *
   * @throws Error if one cannot be read, or there is none; it says why, but not of which file.
   */
  read(bytes: Uint8Array, context: ReaderContext): Promise<readonly TlsCertificate[]>
}

/** Private keys beside the certificates, encrypted or not, are left alone. */
const pem: CertificateReader = {
  format: 'pem',
  recognises: (bytes) => latin1.decode(bytes).includes('-----BEGIN '),
  async read(bytes) {
    const blocks = pemBlocks(latin1.decode(bytes), 'CERTIFICATE')
    if (blocks.length === 0) throw new Error('there is no certificate in it')
    return blocks.map((block, at) => {
      try {
        const [certificate] = TlsCertificate.listFromPem(block)
        if (certificate !== undefined) return certificate
      } catch (cause) {
        if (!(cause instanceof TlsError)) throw cause
      }
      throw new Error(`certificate ${at + 1} of ${blocks.length} in it is damaged`)
    })
  },
}

/** The private key in it does not go further than this. */
const pkcs12: CertificateReader = {
  format: 'pkcs12',
  recognises: (bytes) => bytes[0] === SEQUENCE && bytes[headerLength(bytes)] === INTEGER,
  async read(bytes, context) {
    const leaf = await TlsCertificate.fromPkcs12(bytes, context)
    return leaf.chain().map((certificate) => TlsCertificate.fromDer(certificate.der))
  },
}

const der: CertificateReader = {
  format: 'der',
  recognises: ([first]) => first === SEQUENCE,
  async read(bytes) {
    try {
      return [TlsCertificate.fromDer(bytes)]
    } catch (cause) {
      throw new Error('it is neither PEM nor one certificate in DER', { cause })
    }
  },
}

/** In the order in which they are tried. */
export const certificateReaders: readonly CertificateReader[] = [pem, pkcs12, der]

/** Bytes of tag and length (X.690 §8.1.3); the length of a container may be left open. */
function headerLength([, length = 0]: Uint8Array): number {
  return 2 + (length > 0x80 ? length & 0x7f : 0)
}

const SEQUENCE = 0x30
/** With its version a container begins, and no certificate. */
const INTEGER = 0x02
const latin1 = new TextDecoder('latin1')
