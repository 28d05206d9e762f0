#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { listRequirements } from '@tlsio/conformance'
import { Presets, SingleBar } from 'cli-progress'
import { parseOptions } from './options.js'
import { complaints, formatTrials, killTablePage } from './report.js'
import { SuiteThread } from './suite-thread.js'
import type { Trial } from './trial.js'
import { tryMutant } from './try-mutant.js'
import { mutants } from './zoo/index.js'

const { names, json, page, why, areas, own, jobs } = parseOptions(
  mutants.map(({ name }) => name),
  availableParallelism(),
)
const chosen = names.length === 0 ? mutants : mutants.filter(({ name }) => names.includes(name))

const first = new SuiteThread()
const good = await first.run(undefined, { areas })
for (const { name, problem } of good.failed) console.log(`not ok good ${name}\n  ${problem}`)
if (good.unfit !== undefined) console.log(`not ok good: ${good.unfit}`)
console.log(`The good backend passes ${good.ran - good.failed.length} of ${good.ran} cases.`)

const format = 'Mutants {bar} {value}/{total}'
const bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true }, Presets.rect)
const queue = [...chosen.entries()]
const trials: Trial[] = []
const started = performance.now()
bar.start(queue.length, 0)
await Promise.all(
  Array.from({ length: jobs }, async (_, at) => {
    const thread = at === 0 ? first : new SuiteThread()
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [place, mutant] = next
      trials[place] = await tryMutant(
        thread,
        mutant,
        { areas, own },
        why ? (line) => console.log(line) : undefined,
      )
      bar.increment()
    }
    await thread.end()
  }),
)
bar.stop()

const killed = trials.filter((trial) => trial.killed).length
if (json !== undefined) {
  const table = { mutants: trials.length, killed, good, trials }
  await writeFile(json, `${JSON.stringify(table, null, 2)}\n`)
}
if (page !== undefined) await writeFile(page, killTablePage(listRequirements(), trials))
console.log(formatTrials(trials, process.stdout.isTTY === true))
const wrong = complaints(trials, areas.length === 0 && !own)
for (const line of wrong) console.log(line)
const seconds = Math.round((performance.now() - started) / 1000)
console.log(`${trials.length} mutants, ${killed} killed, ${seconds} s`)
const isGood = good.failed.length === 0 && good.unfit === undefined
if (wrong.length > 0 || !isGood) process.exitCode = 1
