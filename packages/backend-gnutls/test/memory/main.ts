// Many handshakes under valgrind: `pnpm lost-blocks`.
import { Command } from 'commander'
import { runUnderValgrind } from './lost-blocks.js'

const command = new Command('lost-blocks')
  .description(
    'Runs handshakes of the gnutls backend under valgrind, a third of which fail, and lists the blocks ' +
      'of libgnutls that are lost at the end. Exit status 1 if there are any.',
  )
  .argument('[handshakes]', 'how many', '1000')
  .option('--json', 'print JSON', false)
  .parse()
const report = await runUnderValgrind(Number(command.args[0] ?? 1000))
if (command.opts().json) console.log(JSON.stringify(report, null, 2))
else {
  for (const block of report.lost) console.log(`${block}\n`)
  const { done, failed, lost } = report
  console.log(`${done} handshakes succeeded, ${failed} failed; ${lost.length} lost blocks`)
}
if (report.lost.length > 0) process.exitCode = 1
