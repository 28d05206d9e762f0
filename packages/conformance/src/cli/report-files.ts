import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { htmlReport } from '../report/html-report.js'
import { readReports, writeReports } from '../report/read-reports.js'
import type { ConformanceReport } from '../run/conformance-report.js'
import type { ReportFiles } from './options.js'
import { messageOf, UsageError } from './usage-error.js'

/**
 * Reads what `--json` has written.
 *
 * @throws UsageError if a file is missing or holds something else.
 */
export async function readReportFiles(
  files: readonly string[],
  directory: string,
): Promise<readonly ConformanceReport[]> {
  const reports: ConformanceReport[] = []
  for (const file of files) {
    try {
      reports.push(...readReports(await readFile(resolve(directory, file), 'utf8')))
    } catch (error) {
      throw new UsageError(`"${file}" cannot be used: ${reasonOf(error)}.`)
    }
  }
  return reports
}

/**
 * Finds out whether what was asked for can be written; what such a file holds stays.
 *
 * @throws UsageError if it cannot.
 */
export async function tryReportFiles(
  { json, html }: ReportFiles,
  directory: string,
): Promise<void> {
  for (const file of [json, html]) if (file !== undefined) await write(file, '', directory, 'a')
}

/**
 * Writes what was asked for.
 *
 * @throws UsageError if a file cannot be written.
 */
export async function writeReportFiles(
  reports: readonly ConformanceReport[],
  { json, html }: ReportFiles,
  directory: string,
): Promise<void> {
  if (json !== undefined) await write(json, writeReports(reports), directory)
  if (html !== undefined) {
    await write(html, await htmlReport(reports, await pageScript()), directory)
  }
}

async function write(
  file: string,
  text: string,
  directory: string,
  flag: 'w' | 'a' = 'w',
): Promise<void> {
  try {
    await writeFile(resolve(directory, file), text, { flag })
  } catch (error) {
    throw new UsageError(`"${file}" cannot be written: ${reasonOf(error)}.`)
  }
}

/** The script is compiled by itself, for pages. */
function pageScript(): Promise<string> {
  return readFile(new URL('../report/page/script.js', import.meta.url), 'utf8')
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file or folder'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  return messageOf(error)
}
