// Runs ava and ends with the one line that any CI reads. Names each skipped test with its reason.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const ava = spawn(
  process.execPath,
  ['node_modules/ava/entrypoints/cli.mjs', '--tap', ...process.argv.slice(2)],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
// Whoever ends this means the tests.
process.once('SIGTERM', () => ava.kill())
const exited = new Promise((done) => ava.on('exit', (code) => done(code ?? 1)))
let passed = 0
let failed = 0
let skipped = 0
let show = false
for await (const line of createInterface({ input: ava.stdout })) {
  const result = /^(not )?ok \d+ - .*?(# (?:SKIP|TODO))?$/.exec(line)
  if (result) {
    // TAP writes a todo as "not ok … # TODO", which is not a failure.
    show = result[1] !== undefined && result[2] === undefined
    if (result[2]) {
      skipped++
      console.log(line)
    } else if (show) failed++
    else passed++
  }
  if (show) console.log(line)
}
const code = await exited
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(code || (passed === 0 ? 1 : 0))
