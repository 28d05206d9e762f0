// Runs the suite and prints the results, a line each: the entry point in Node, Deno and Bun.
import process from 'node:process'
import { defectsIn, nativeBackends, nodeBackends } from './node-backends.js'
import { runSuite } from './suite/run-suite.js'

// The runtime, and which backends.
const [runtime = '', ...names] = process.argv.slice(2)
const all = Object.entries({ ...nodeBackends, ...nativeBackends })
await runSuite({
  backends: Object.fromEntries(all.filter(([name]) => names.includes(name))),
  knownDefects: defectsIn(runtime),
  report: (message) => console.log(JSON.stringify(message)),
})
