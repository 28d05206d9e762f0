// Where the parts are put together: the one file of the command line that knows which backends
// there are, and that it is a process.
import { registerForgeBackend } from '@tlsio/backend-forge/di'
import { registerGnutlsBackend } from '@tlsio/backend-gnutls/di'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { registerNullBackend } from '@tlsio/backend-null/di'
import { systemClock } from '@tlsio/core'
import { createTlsContainer, TLS_BACKEND } from '@tlsio/core/di'
import { TerminalInteraction } from '@tlsio/core/node'
import { runCli } from './cli.js'
import { processOutput } from './terminal/process-output.js'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error('Interrupted.')))
}

const container = createTlsContainer(
  registerNodeBackend,
  registerGnutlsBackend,
  registerForgeBackend,
  registerNullBackend,
)
process.exitCode = await runCli(process.argv.slice(2), {
  backend: () => container.resolve(TLS_BACKEND),
  clock: systemClock,
  stdin: process.stdin,
  interaction: new TerminalInteraction(),
  stdout: processOutput(process.stdout),
  stderr: processOutput(process.stderr),
  signal: interrupted.signal,
})
