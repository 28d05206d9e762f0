#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Comparison } from './comparison.js'
import { parseOptions } from './options.js'
import { noPorts, parts } from './parts.js'
import { Progress } from './progress.js'
import { formatResults } from './report.js'
import type { Result } from './results.js'
import { measureRow } from './rows.js'
import { TransferPage } from './transfer-page.js'

/** To name the comparisons, and to ask whether they are possible here; nothing runs in them. */
const surroundings = {
  ports: noPorts,
  page: new TransferPage(),
  signal: AbortSignal.abort(),
}

const { part, rounds, only, json } = parseOptions({
  node: namesOf(parts.node(surroundings)),
  gnutls: namesOf(parts.gnutls(surroundings)),
  forge: namesOf(parts.forge(surroundings)),
  paths: namesOf(parts.paths()),
})
const chosen = parts[part](surroundings).filter(
  ({ name }) => only.length === 0 || only.includes(name),
)
const skipped = chosen.filter(({ problem }) => problem !== undefined)

try {
  // Before the measuring, so that a wrong file name does not cost a minute.
  if (json !== undefined) await writeFile(json, '')
  const { results, chromium } = await measureAll()
  console.log(formatResults(results, process.stdout.isTTY === true))
  for (const { title, problem } of skipped) console.log(`${title}: skipped. ${problem}`)
  const machine = {
    node: process.version,
    openssl: process.versions.openssl,
    chromium,
    cpus: availableParallelism(),
  }
  console.log(
    `Node ${machine.node}, OpenSSL ${machine.openssl}, ` +
      `${machine.chromium === undefined ? '' : `Chromium ${machine.chromium}, `}` +
      `${machine.cpus} CPUs. Ratios are medians of ${rounds} pairs; ` +
      'CPU is the ratio of work per processor time of the client.',
  )
  if (json !== undefined) {
    const figures = { ...machine, rounds, results, skipped: namesOf(skipped) }
    await writeFile(json, `${JSON.stringify(figures, null, 2)}\n`)
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function namesOf(comparisons: readonly Comparison[]): string[] {
  return comparisons.map(({ name }) => name)
}

async function measureAll(): Promise<{ results: Result[]; chromium: string | undefined }> {
  const progress = new Progress()
  const rows = chosen
    .filter(({ problem }) => problem === undefined)
    .flatMap((comparison) => comparison.baselines.map((one, at) => ({ comparison, one, at })))
  const results: Result[] = []
  let chromium: string | undefined
  try {
    for (const { comparison, one, at } of rows) {
      const { name, title, unit } = comparison
      const where = `[${results.length + 1}/${rows.length}] ${title} against ${one.label}`
      const onProgress = (what: string) => progress.show(`${where}, ${what}`)
      const measured = await measureRow({ part, name, baseline: at }, rounds, onProgress)
      chromium ??= measured.chromium
      results.push({ name, title, unit, baseline: one.label, aim: one.aim, ...measured.figures })
    }
    return { results, chromium }
  } finally {
    progress.clear()
  }
}
