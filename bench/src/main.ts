#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { bulkComparisons } from './bulk.js'
import type { Comparison } from './comparison.js'
import { forgeComparisons } from './forge.js'
import { pageComparisons } from './forge-in-page.js'
import { gnutlsComparisons } from './gnutls.js'
import { handshakeComparisons } from './handshakes.js'
import { interleave } from './interleave.js'
import { parseOptions } from './options.js'
import { pathComparisons } from './paths.js'
import { Progress } from './progress.js'
import { formatResults } from './report.js'
import { evaluate, type Result } from './results.js'
import type { Ports } from './server.js'
import { ServerProcess } from './server-process.js'
import { TransferPage } from './transfer-page.js'

const page = new TransferPage()
/** Ends the servers of this process. */
const over = new AbortController()

/** What there is to measure, by the engine below. */
const parts = {
  node: (ports: Ports) => [...handshakeComparisons(ports.handshake), ...bulkComparisons(ports)],
  gnutls: (ports: Ports) => gnutlsComparisons(ports, over.signal),
  forge: (ports: Ports) => [...forgeComparisons(ports), ...pageComparisons(page)],
  paths: () => pathComparisons(),
}

const noPorts = { handshake: 0, source: 0, sink: 0, legacySource: 0, legacySink: 0 }
const { part, rounds, only, json } = parseOptions({
  node: namesOf(parts.node(noPorts)),
  gnutls: namesOf(parts.gnutls(noPorts)),
  forge: namesOf(parts.forge(noPorts)),
  paths: namesOf(parts.paths()),
})

try {
  // Before the measuring, so that a wrong file name does not cost a minute.
  if (json !== undefined) await writeFile(json, '')
  const results = await measureAll()
  console.log(formatResults(results, process.stdout.isTTY === true))
  const skipped = chosen(noPorts).filter(({ problem }) => problem !== undefined)
  for (const { title, problem } of skipped) console.log(`${title}: skipped. ${problem}`)
  const machine = {
    node: process.version,
    openssl: process.versions.openssl,
    chromium: page.version,
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

function chosen(ports: Ports): Comparison[] {
  return parts[part](ports).filter(({ name }) => only.length === 0 || only.includes(name))
}

async function measureAll(): Promise<Result[]> {
  const progress = new Progress()
  if (part === 'paths') return measureWith(noPorts, progress).finally(() => progress.clear())
  const server = await ServerProcess.start()
  try {
    return await Promise.race([measureWith(server.ports, progress), server.untilFailed()])
  } finally {
    progress.clear()
    server.stop()
    over.abort()
    await page.close()
  }
}

async function measureWith(ports: Ports, progress: Progress): Promise<Result[]> {
  const possible = chosen(ports).filter(({ problem }) => problem === undefined)
  const results: Result[] = []
  for (const comparison of possible) {
    const where = `[${results.length + 1}/${possible.length}] ${comparison.title}`
    const measured = await interleave(comparison, rounds, (round) =>
      progress.show(`${where}: ${round < 1 ? 'warming up' : `round ${round} of ${rounds}`}`),
    )
    results.push(evaluate(measured))
  }
  return results
}
