import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What connections that were dropped have left, all that can be collected being collected. */
export interface DroppedReport {
  /** Resident memory, in bytes, before and after. */
  readonly before: number
  readonly after: number
  /** Sessions of libgnutls that were alive at the same time, when it was looked; and at the end. */
  readonly mostAlive: number
  readonly left: number
}

/** Memory may have grown by that much: allocators give back in large pieces. */
export const MOST_LEFT = 20 * 2 ** 20

const child = fileURLToPath(new URL('./dropped-child.js', import.meta.url))

/** Makes connections in a process of their own, and drops them in the middle of their handshakes. */
export async function dropConnections(count: number): Promise<DroppedReport> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, `${count}`])
  return JSON.parse(stdout)
}
