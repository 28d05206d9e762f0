#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { loadCases, usualFolder } from './load.js'
import { OpenSsl } from './openssl.js'
import { parseOptions } from './options.js'
import { Progress } from './progress.js'
import { formatResults } from './report.js'
import { type CaseResult, shortcomings, tallies } from './results.js'
import { runCases } from './run.js'
import type { VectorCase } from './vector-case.js'

const { vectors, json } = parseOptions(usualFolder)

try {
  const cases = await loadCases(vectors)
  if (cases === undefined) console.log(`SKIPPED: there are no vectors in ${vectors}.`)
  else await runAll(cases)
} catch (error) {
  process.stderr.write(`vectors: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function runAll(cases: readonly VectorCase[]): Promise<void> {
  // Before the work, so that a wrong file name does not cost it.
  if (json !== undefined) await writeFile(json, '')
  const openssl = await OpenSsl.find()
  const results = await runVisibly(cases, openssl)
  console.log(formatResults(results, openssl?.version, process.stdout.isTTY === true))
  console.log(openssl?.version ?? 'SKIPPED: there is no openssl command to compare with.')
  const wrong = shortcomings(results)
  for (const sentence of wrong) process.stderr.write(`vectors: ${sentence}\n`)
  if (wrong.length > 0) process.exitCode = 1
  if (json === undefined) return
  const own = tallies(results, 'own')
  const other = openssl && { version: openssl.version, tallies: tallies(results, 'openssl') }
  await writeFile(json, `${JSON.stringify({ own, openssl: other, wrong, results }, null, 2)}\n`)
}

async function runVisibly(
  cases: readonly VectorCase[],
  openssl: OpenSsl | undefined,
): Promise<CaseResult[]> {
  const progress = new Progress(cases.length)
  try {
    return await runCases(cases, openssl, () => progress.advance())
  } finally {
    progress.stop()
    await openssl?.close()
  }
}
