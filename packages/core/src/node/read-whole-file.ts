import { createReadStream } from 'node:fs'
import { TlsError } from '../errors.js'
import { ioErrorFrom } from './errors.js'

/** Options of the functions that read certificates from files. */
export interface ReadFileOptions {
  /** Ends the reading; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a file of certificates or keys to its end.
 *
 * @throws IoError if the system does not let it be read, with the path in the message and the
 *   system's error as its cause; {@link TlsError} `TLS_BAD_CERTIFICATE` if it is absurdly long.
 */
export async function readWholeFile(
  path: string | URL,
  { signal }: ReadFileOptions = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted()
  const parts: Uint8Array[] = []
  try {
    // One byte more tells that it is too long, without reading what may have no end.
    const stream = createReadStream(path, { end: LONGEST_FILE, ...(signal && { signal }) })
    for await (const part of stream) parts.push(part as Uint8Array)
  } catch (error) {
    signal?.throwIfAborted()
    throw ioErrorFrom(error, `Reading ${String(path)}`)
  }
  const bytes = Buffer.concat(parts)
  if (bytes.length > LONGEST_FILE) {
    throw new TlsError('TLS_BAD_CERTIFICATE', `${String(path)} is absurdly long.`)
  }
  return bytes
}

/** In bytes. A file with all CAs that browsers trust has about 250,000. */
const LONGEST_FILE = 16 << 20
