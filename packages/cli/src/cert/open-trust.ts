import { TlsDatabase, type TlsDatabaseOptions } from '@tlsio/core'
import { TlsFileDatabase, TlsSystemDatabase } from '@tlsio/core/node'
import type { CliEnvironment } from '../cli.js'
import type { TrustReport } from './chain-report.js'
import { bytesOfBlock, pemBlocks } from './pem-blocks.js'
import { nameOfInput, readInput } from './read-input.js'

/** Whom to trust, and how strictly. */
export interface TrustOptions {
  readonly profile: NonNullable<TlsDatabaseOptions['profile']>
  /** PEM file with trust anchors in place of the system's. */
  readonly ca?: string | undefined
  /** Files with revocation lists, PEM or DER. */
  readonly crl: readonly string[]
}

/** Trust anchors, and where they are from. */
export interface Trust {
  readonly database: TlsDatabase
  readonly report: TrustReport
}

/**
 * Reads the trust anchors and revocation lists.
 *
 * @throws Error if a file cannot be read or used, in words for people.
 */
export async function openTrust(
  { profile, ca, crl }: TrustOptions,
  { stdin, signal }: Pick<CliEnvironment, 'stdin' | 'signal'>,
): Promise<Trust> {
  const revocationLists: Uint8Array[] = []
  for (const path of crl) {
    revocationLists.push(...revocationListsIn(path, await readInput(path, stdin, signal)))
  }
  const options = { profile, revocationLists }
  if (ca !== undefined) {
    const database = await TlsFileDatabase.open(ca, { ...options, signal })
    const { path } = database
    const anchors = database.anchors.length
    const lists = revocationLists.length
    const report = {
      source: 'ca-file',
      path,
      extra: null,
      anchors,
      revocationLists: lists,
    } as const
    return { database, report }
  }
  const database = new TlsSystemDatabase(options)
  const { source, path, extra, count } = database.report
  const report = {
    source,
    path: path ?? null,
    extra: extra ?? null,
    anchors: count,
    revocationLists: revocationLists.length,
  }
  return { database, report }
}

/** A list that cannot be read would revoke nobody, without a word. */
function revocationListsIn(path: string, bytes: Uint8Array): readonly Uint8Array[] {
  const text = new TextDecoder('latin1').decode(bytes)
  const lists = text.includes('-----BEGIN ')
    ? pemBlocks(text, 'X509 CRL').map(bytesOfBlock)
    : [bytes]
  if (lists.length === 0) throw new Error(`${nameOfInput(path)} holds no revocation list.`)
  try {
    void new TlsDatabase([], { revocationLists: lists })
  } catch (cause) {
    const message = `${nameOfInput(path)} holds a revocation list that cannot be read.`
    throw new Error(message, { cause })
  }
  return lists
}
