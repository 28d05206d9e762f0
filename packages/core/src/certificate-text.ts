import { isLinkedInOrder } from './certificate-link.js'
import { TlsError } from './errors.js'
import { type PemBlock, scanPem } from './pem.js'
import { parseX509 } from './x509.js'

/** What a PEM text has of a certificate. */
export interface CertificateText {
  /** DER of the certificates: the first, then its issuers; those are there or not, all of them. */
  readonly chain: readonly [Uint8Array, ...Uint8Array[]]
  /** The first private key in the text. */
  readonly key: PemBlock | undefined
}

/**
 * Reads the first certificate of a PEM text, the chain that the others make, and the key.
 *
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` as `TlsCertificate.fromPem` does.
 */
export function readCertificateText(text: string | Uint8Array): CertificateText {
  const { certificates, key } = sort(text)
  const [leaf, ...issuers] = certificates
  if (leaf === undefined) {
    throw bad(`The text contains ${key ? 'a private key but no' : 'no PEM'} certificate.`)
  }
  const chain = [readCertificate(leaf, 0), ...issuers.map(attempt)]
  const isChain = chain.every((der) => der !== undefined) && isLinkedInOrder(chain)
  return { chain: (isChain ? chain : chain.slice(0, 1)) as [Uint8Array, ...Uint8Array[]], key }
}

/**
 * DER of all certificates of a PEM text, in its order.
 *
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` as `TlsCertificate.listFromPem` does.
 */
export function readCertificateList(text: string | Uint8Array): Uint8Array[] {
  return sort(text).certificates.map(readCertificate)
}

type Block = ReturnType<typeof scanPem>[number]

function sort(text: string | Uint8Array): { certificates: Block[]; key: PemBlock | undefined } {
  const blocks = scanPem(asText(text))
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  const isWhole = (block: Block): block is PemBlock =>
    block.der !== undefined && !isEncrypted(block)
  if (!keys.every(isWhole)) {
    throw bad('A private key in the text is encrypted, damaged or cut off.')
  }
  return { certificates: blocks.filter(({ label }) => label === 'CERTIFICATE'), key: keys[0] }
}

function readCertificate({ der }: Block, at: number): Uint8Array {
  const which = at === 0 ? 'The first certificate' : `Certificate ${at + 1}`
  if (der === undefined) throw bad(`${which} in the text is damaged or cut off.`)
  try {
    parseX509(der)
  } catch (cause) {
    throw bad(`${which} in the text is not an X.509 certificate.`, cause)
  }
  return der
}

/** `undefined` for what is no certificate. */
function attempt({ der }: Block): Uint8Array | undefined {
  try {
    if (der !== undefined) parseX509(der)
    return der
  } catch {
    return undefined
  }
}

/** RFC 1421 §4.6.1.1, RFC 7468 §11. */
function isEncrypted({ label, text }: Block): boolean {
  return label.startsWith('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED')
}

/** All that counts is ASCII; of the rest it is enough that it is not mistaken for that. */
function asText(text: string | Uint8Array): string {
  if (typeof text === 'string') return text
  if (text instanceof Uint8Array) return latin1.decode(text)
  throw new TypeError(`A PEM text is a string or a Uint8Array, not "${typeof text}".`)
}

function bad(message: string, cause?: unknown): TlsError {
  return new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
}

const latin1 = new TextDecoder('latin1')
