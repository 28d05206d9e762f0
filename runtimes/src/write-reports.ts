import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConformanceReport } from '@tlsio/conformance'

/** Writes the reports of a runtime, a file each: `RUNTIME-BACKEND.json`. */
export async function writeReports(
  folder: string,
  runtime: string,
  reports: ReadonlyMap<string, ConformanceReport>,
): Promise<void> {
  for (const [backend, report] of reports) {
    const text = `${JSON.stringify(report, null, 1)}\n`
    await writeFile(join(folder, `${runtime}-${backend}.json`), text)
  }
}
