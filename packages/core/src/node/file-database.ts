import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TlsDatabase, type TlsDatabaseOptions } from '../database.js'
import { TlsError } from '../errors.js'
import type { IoOptions } from '../streams/io-stream.js'
import { readTrustText, type TrustText } from '../trust-text.js'
import { readWholeFile } from './read-whole-file.js'

/** How a {@link TlsFileDatabase} is read, and judges. */
export interface FileDatabaseOptions extends TlsDatabaseOptions, IoOptions {}

/**
 * The trust anchors of one PEM file, as it was when it was read; revocation lists in it (`X509 CRL`)
 * count as well, and what stands between the blocks does not matter.
 *
 * @see GIO `GTlsFileDatabase`
 */
export class TlsFileDatabase extends TlsDatabase {
  /** Absolute path of the file. @see GIO `GTlsFileDatabase:anchors` */
  readonly path: string

  private constructor(path: string, { anchors, ...options }: TrustText) {
    super(anchors, options)
    this.path = path
  }

  /**
   * Reads a file.
   *
   * @param path - a relative one is taken from the working directory of the process.
   * @throws {@link TlsError} `TLS_MISC` if the file cannot be read or is absurdly long (16 MiB), if
   *   there is no certificate in it, or one that cannot be parsed; the cause says which.
   * @throws the reason of `signal`, if it was aborted.
   * @see GIO `g_tls_file_database_new()`
   */
  static async open(path: string, options: FileDatabaseOptions = {}): Promise<TlsFileDatabase> {
    const { signal, ...rest } = options
    const absolute = resolve(path)
    signal?.throwIfAborted()
    try {
      const text = latin1.decode(await readWholeFile(absolute, { signal }))
      return new TlsFileDatabase(absolute, readTrustText(text, rest))
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof TypeError) throw cause
      const reason = cause instanceof Error ? cause.message : String(cause)
      const message = `The trust anchors of ${absolute} cannot be used: ${reason}`
      throw new TlsError('TLS_MISC', message, { cause })
    }
  }

  /** The file as URL. @see GIO `g_tls_database_create_certificate_handle()` */
  protected override get handlePrefix(): string {
    return pathToFileURL(this.path).href
  }
}

/** All that counts is ASCII. */
const latin1 = new TextDecoder('latin1')
