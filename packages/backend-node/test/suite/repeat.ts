// Runs the suite on node:tls several times, and ends by itself: `pnpm run repeat`, and one test.
import { parseArgs } from 'node:util'
import { changingTitles, type Run, runRepeatedly, slowRuns } from './runs.js'

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const times = Number(positionals[0] ?? 20)
if (!Number.isInteger(times) || times < 1) throw new RangeError('How often? A number, please.')

const results = await runRepeatedly(times, (run) => {
  if (!values.json) console.log(described(run))
})
if (values.json) console.log(JSON.stringify(results))
else {
  const changing = changingTitles(results.runs)
  const complaints = [
    ...changing.map((title) => `not the same each time: ${title}`),
    ...slowRuns(results.runs),
    ...results.network.map((type) => `network: ${type}`),
    ...results.left.map((type) => `left open: ${type}`),
  ]
  for (const line of complaints) console.log(line)
  const failed = results.runs.some(({ verdicts }) => failuresIn(verdicts).length > 0)
  console.log(`${times} runs, ${complaints.length} complaints`)
  if (failed || complaints.length > 0) process.exitCode = 1
}

function described({ seconds, verdicts }: Run): string {
  const failures = failuresIn(verdicts)
  const passed = Object.keys(verdicts).length - failures.length
  const counts = `${passed} passed, ${failures.length} failed, ${seconds.toFixed(1)} s`
  return [counts, ...failures.map(([title, error]) => `  ${title}: ${error}`)].join('\n')
}

function failuresIn(verdicts: Run['verdicts']): [string, string | null][] {
  return Object.entries(verdicts).filter(([, error]) => error !== null)
}
