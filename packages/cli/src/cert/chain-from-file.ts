import type { TlsCertificate } from '@tlsio/core'
import type { CliEnvironment } from '../cli.js'
import { certificateReaders, type ReaderContext } from './certificate-readers.js'
import type { ChainSource } from './chain-report.js'
import { nameOfInput, readInput } from './read-input.js'

/** Certificates to judge. */
export interface FoundChain {
  readonly source: ChainSource
  /** As they were found. */
  readonly certificates: readonly TlsCertificate[]
  /** The one that is judged. */
  readonly leaf: TlsCertificate
}

/**
 * Reads the certificates of a file, in whatever order they are.
 *
 * @throws Error if it cannot be read, in words for people.
 */
export async function chainFromFile(
  path: string,
  { stdin, ...context }: Pick<CliEnvironment, 'stdin'> & ReaderContext,
): Promise<FoundChain> {
  const bytes = await readInput(path, stdin, context.signal)
  const reader = certificateReaders.find((one) => one.recognises(bytes))
  if (reader === undefined) {
    throw new Error(`${nameOfInput(path)} cannot be used: it is neither PEM nor DER.`)
  }
  try {
    const certificates = await reader.read(bytes, context)
    const source = { kind: 'file', path, format: reader.format } as const
    return { source, certificates, leaf: leafOf(certificates) }
  } catch (cause) {
    context.signal.throwIfAborted()
    const reason = cause instanceof Error ? cause.message : String(cause)
    const sentence = reason.replace(/\.$/, '')
    throw new Error(`${nameOfInput(path)} cannot be used: ${sentence}.`, { cause })
  }
}

/**
 * The first that has issued none of the others, going by names, and rather not one that has issued
 * itself; of a circle, the first. Which path there is from it, and whether anybody signed it, is for
 * the verification to say.
 */
function leafOf(certificates: readonly TlsCertificate[]): TlsCertificate {
  const issued = certificates.filter(({ subjectName, issuerName }) => subjectName !== issuerName)
  const issuers = new Set(issued.map(({ issuerName }) => issuerName))
  const isLeaf = ({ subjectName }: TlsCertificate) => !issuers.has(subjectName)
  const leaf = issued.find(isLeaf) ?? certificates.find(isLeaf) ?? certificates[0]
  if (leaf === undefined) throw new Error('there is no certificate in it')
  return leaf
}
