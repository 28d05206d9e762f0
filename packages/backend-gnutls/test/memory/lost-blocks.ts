import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openGnutls } from '#src/gnutls.js'

/** What valgrind says of a run. */
export interface MemoryReport {
  /** Handshakes that succeeded, and that failed. */
  readonly done: number
  readonly failed: number
  /** Blocks of libgnutls, and of what it uses, that nothing points to at the end: where they were made. */
  readonly lost: readonly string[]
}

const child = fileURLToPath(new URL('./handshakes-child.js', import.meta.url))

/** Runs handshakes under valgrind. @throws if it is missing, or the run fails. */
export async function runUnderValgrind(
  handshakes: number,
  ...options: readonly string[]
): Promise<MemoryReport> {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-memory-'))
  try {
    const log = join(folder, 'log')
    const { stdout } = await promisify(execFile)(
      'valgrind',
      [
        ...['--leak-check=full', '--show-leak-kinds=definite', '--undef-value-errors=no'],
        ...['--num-callers=40', '--error-limit=no', `--log-file=${log}`],
        ...[process.execPath, child, `${handshakes}`, ...options],
      ],
      // Loaded before all else, it is not unloaded at the end, when its variables are looked at.
      { env: { ...process.env, LD_PRELOAD: openGnutls().library.path } },
    )
    const { done, failed } = JSON.parse(stdout) as Pick<MemoryReport, 'done' | 'failed'>
    return { done, failed, lost: lostIn(await readFile(log, 'utf8')) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Node loses blocks, too, a fixed number of its own. */
function lostIn(log: string): readonly string[] {
  if (!log.includes('LEAK SUMMARY'))
    throw new Error(`valgrind did not look for lost blocks:\n${log}`)
  return log
    .split(/^==\d+== \n/m)
    .filter((record) => record.includes('definitely lost in') && record.includes('libgnutls'))
    .map((record) => record.replaceAll(/^==\d+== ?/gm, '').trim())
}
