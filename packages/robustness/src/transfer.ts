import type { IoStream, TlsConnection } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import { outcome } from './settle.js'

/** Bytes that differ from place to place. */
export function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at * 7 + (at >> 8))
}

/** What can be read up to the end, each chunk shown to `each` first. */
export async function readAll(
  stream: IoStream,
  each: (chunk: Uint8Array) => Promise<void> = async () => {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    chunks.push(chunk)
    await each(chunk)
  }
  return concat(...chunks)
}

/** Sends back all that comes, and ends when the other end does. */
export async function echo(connection: TlsConnection): Promise<Uint8Array> {
  const all = await readAll(connection, (chunk) => connection.write(chunk))
  await connection.closeWrite()
  return all
}

/** Closes both; whether `close_notify` still arrives is not the question. */
export async function closeBoth(...connections: readonly TlsConnection[]): Promise<void> {
  await Promise.all(connections.map((connection) => outcome(connection.close())))
}
