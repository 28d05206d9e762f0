// The one file of the command line that knows that it is a process.
import { runCli } from './cli.js'
import { processOutput } from './output.js'

const { bun, deno, node } = process.versions
const runtime = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node.js ${node}`

process.exitCode = await runCli(process.argv.slice(2), {
  directory: process.cwd(),
  runtime,
  stdout: processOutput(process.stdout, process.env),
  stderr: processOutput(process.stderr, process.env),
})

// A backend that leaves something open must not keep this program from its end; nor does this timer.
setTimeout(() => process.exit(), 1000).unref()
