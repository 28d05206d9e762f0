#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { bulkComparisons } from './bulk.js'
import type { Comparison } from './comparison.js'
import { handshakeComparisons } from './handshakes.js'
import { interleave } from './interleave.js'
import { parseOptions } from './options.js'
import { Progress } from './progress.js'
import { formatResults } from './report.js'
import { evaluate, type Result } from './results.js'
import { ServerProcess } from './server-process.js'

const names = comparisons({ handshake: 0, source: 0, sink: 0 }).map(({ name }) => name)
const { rounds, only, json } = parseOptions(names)
const machine = {
  node: process.version,
  openssl: process.versions.openssl,
  cpus: availableParallelism(),
}

try {
  // Before the measuring, so that a wrong file name does not cost a minute.
  if (json !== undefined) await writeFile(json, '')
  const results = await measureAll()
  console.log(formatResults(results, process.stdout.isTTY === true))
  console.log(
    `Node ${machine.node}, OpenSSL ${machine.openssl}, ${machine.cpus} CPUs. ` +
      `Ratios are medians of ${rounds} pairs; CPU is the ratio of work per processor time of the client.`,
  )
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ ...machine, rounds, results }, null, 2)}\n`)
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function comparisons(ports: ServerProcess['ports']): Comparison[] {
  return [...handshakeComparisons(ports.handshake), ...bulkComparisons(ports)]
}

async function measureAll(): Promise<Result[]> {
  const server = await ServerProcess.start()
  const progress = new Progress()
  try {
    return await Promise.race([measureWith(server, progress), server.untilFailed()])
  } finally {
    progress.clear()
    server.stop()
  }
}

async function measureWith(server: ServerProcess, progress: Progress): Promise<Result[]> {
  const chosen = comparisons(server.ports).filter(
    ({ name }) => only.length === 0 || only.includes(name),
  )
  const results: Result[] = []
  for (const comparison of chosen) {
    const where = `[${results.length + 1}/${chosen.length}] ${comparison.title}`
    const measured = await interleave(comparison, rounds, (round) =>
      progress.show(`${where}: ${round < 1 ? 'warming up' : `round ${round} of ${rounds}`}`),
    )
    results.push(evaluate(measured))
  }
  return results
}
