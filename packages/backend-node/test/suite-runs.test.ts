import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { changingTitles, type Runs, slowRuns } from './suite/runs.js'
import { watchNetwork } from './suite/sockets.js'

test('suite/whole-runs-leave-nothing-behind', async (t) => {
  t.timeout(180_000, 'The suite runs twice.')
  const script = fileURLToPath(new URL('suite/repeat.js', import.meta.url))
  // It is not told to end: what is left open would keep it until it is killed.
  const options = { timeout: 170_000, maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)(process.execPath, [script, '2', '--json'], options)
  const { runs, network, left } = JSON.parse(stdout) as Runs
  const [first, second] = runs
  t.true(Object.keys(first?.verdicts ?? {}).length > 500)
  t.deepEqual(Object.keys(first?.verdicts ?? {}), Object.keys(second?.verdicts ?? {}))
  t.deepEqual(changingTitles(runs), [])
  t.deepEqual(
    Object.entries(first?.verdicts ?? {}).filter(([, error]) => error !== null),
    [],
  )
  t.deepEqual(network, [])
  t.deepEqual(left, [])
})

test('suite/changing-verdicts-are-found', (t) => {
  const run = (verdicts: Record<string, string | null>) => ({ seconds: 1, verdicts })
  const always = { good: null, bad: 'It is wrong.' }
  t.deepEqual(changingTitles([run(always), run(always)]), [])
  t.deepEqual(changingTitles([run({ ...always, b: null }), run({ ...always, b: 'late' })]), ['b'])
})

test('suite/slow-runs-are-found', (t) => {
  t.deepEqual(slowRuns([{ seconds: 59.9 }, { seconds: 60 }]), [
    'run 2 took 60.0 s, and is to take less than 60 s',
  ])
})

test('suite/sockets-are-seen', async (t) => {
  const { seen, stop } = watchNetwork()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  stop()
  server.close()
  t.deepEqual(seen, ['TCPSERVERWRAP'])
})
