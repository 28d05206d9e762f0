// Asks for a password at its terminal, and reports how long it was. A signal has it take the
// question back (SIGUSR2), or exit (SIGHUP).
import { TlsPassword } from '@tlsio/core'
import { TerminalInteraction } from '@tlsio/core/node'

const controller = new AbortController()
process.on('SIGUSR2', () => controller.abort(new Error('No longer wanted.')))
process.on('SIGHUP', () => process.exit(3))
process.stdout.write(`pid=${process.pid}\n`)
const password = new TlsPassword({ description: 'The key of a test' })
const { signal } = controller
try {
  const result = await new TerminalInteraction().askPassword(password, { signal })
  process.stdout.write(`${result}: ${password.value?.length ?? 'nothing'}\n`)
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`)
}
