#!/usr/bin/env node
import { mkdir, writeFile } from 'node:fs/promises'
import { parseOptions } from './options.js'
import { formatFailures, formatKnownDefects, formatResults } from './report.js'
import type { RuntimeResults } from './results.js'
import { runRuntime } from './run-runtime.js'
import { runtimes } from './runtimes.js'
import { writeReports } from './write-reports.js'

const { chosen, json, reports, short } = parseOptions(runtimes)
// Before the running, so that a wrong file name does not cost minutes.
if (json !== undefined) await writeFile(json, '')
if (reports !== undefined) await mkdir(reports, { recursive: true })

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const results: RuntimeResults[] = []
for (const runtime of chosen) {
  if (stop.signal.aborted) break
  console.log(`--- ${runtime.label}`)
  const one = await runRuntime(runtime, { signal: stop.signal, short })
  results.push(one)
  if (reports !== undefined) await writeReports(reports, runtime.name, one.reports)
  for (const line of formatFailures(one)) console.log(line)
}

const rows = results.flatMap((one) => one.rows())
if (json !== undefined) {
  const cases = results.flatMap(({ runtime, cases }) => cases.map((one) => ({ runtime, ...one })))
  await writeFile(json, `${JSON.stringify({ rows, cases }, null, 2)}\n`)
}
console.log('')
for (const line of formatKnownDefects(results)) console.log(line)
console.log(formatResults(rows, process.stdout.isTTY === true))
const passed = rows.reduce((sum, row) => sum + row.passed + row.refused, 0)
const failed = rows.reduce((sum, row) => sum + row.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0 || passed === 0 || stop.signal.aborted) process.exitCode = 1
