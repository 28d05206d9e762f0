// Runs the suite and prints the results, a line each: the entry point in Node, Deno and Bun.
import process from 'node:process'
import { nodeBackends } from './node-backends.js'
import { knownDefects } from './suite/known-defects/index.js'
import { runSuite } from './suite/run-suite.js'

const [runtime = ''] = process.argv.slice(2)
await runSuite({
  backends: nodeBackends,
  knownDefects: knownDefects[runtime],
  report: (message) => console.log(JSON.stringify(message)),
})
