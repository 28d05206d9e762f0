// Measures a comparison with one of its baselines in a process of its own, and its server in another: what was
// measured before leaves compiled code, garbage and a fragmented heap behind, and took up to two thirds of the rate
// of bulk transfers.
import { endWithParent } from './end-with-parent.js'
import { Limit } from './limit.js'
import { measurePairs } from './pairs.js'
import { noPorts, type Part, parts } from './parts.js'
import { evaluate, type Figures } from './results.js'
import type { RowMessage } from './rows.js'
import { ServerProcess } from './server-process.js'
import { TransferPage } from './transfer-page.js'

endWithParent()

/** Milliseconds. A round takes a fraction of a second: after so long, something does not arrive. */
const LIMIT_OF_A_ROUND = 60_000

const [part, name, baselineAt, rounds] = process.argv.slice(2) as [Part, string, string, string]
const over = new AbortController()
const page = new TransferPage()
let server: ServerProcess | undefined

try {
  server = part === 'paths' ? undefined : await ServerProcess.start()
  const figures = await Promise.race([
    measure(),
    ...(server === undefined ? [] : [server.untilFailed()]),
  ])
  await tell({ figures, chromium: page.version })
} catch (error) {
  await tell({ error: error instanceof Error ? error.message : String(error) })
} finally {
  server?.stop()
  over.abort()
  await page.close()
  process.exit()
}

async function measure(): Promise<Figures> {
  const surroundings = { ports: server?.ports ?? noPorts, page, signal: over.signal }
  const comparison = parts[part](surroundings).find((one) => one.name === name)
  const baseline = comparison?.baselines[Number(baselineAt)]
  if (comparison === undefined || baseline === undefined) {
    throw new Error(`There is no ${name} with a baseline ${baselineAt} in ${part}.`)
  }
  const limit = new Limit(LIMIT_OF_A_ROUND)
  const measured = measurePairs(comparison, baseline, Number(rounds), (round) => {
    limit.startAgain()
    void tell({ progress: round < 1 ? 'warming up' : `round ${round} of ${rounds}` })
  })
  return evaluate(await Promise.race([measured, limit.exceeded]))
}

function tell(message: RowMessage): Promise<unknown> {
  return new Promise((resolve) => process.send?.(message, resolve))
}
