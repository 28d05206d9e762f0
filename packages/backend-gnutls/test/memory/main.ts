// What handshakes leave of memory: `pnpm memory`.
import { Command } from 'commander'
import { dropConnections, MOST_LEFT } from './dropped.js'
import { runUnderValgrind } from './lost-blocks.js'

const program = new Command('memory').description('What connections of the gnutls backend leave.')

program
  .command('lost')
  .description(
    'Runs handshakes under valgrind, many of which fail, and lists the blocks of libgnutls that are lost ' +
      'at the end. Exit status 1 if there are any.',
  )
  .argument('[handshakes]', 'how many', Number, 1000)
  .option('--json', 'print JSON', false)
  .action(async (handshakes: number, { json }: { readonly json: boolean }) => {
    const report = await runUnderValgrind(handshakes)
    const { done, failed, lost } = report
    if (json) console.log(JSON.stringify(report, null, 2))
    else {
      for (const block of lost) console.log(`${block}\n`)
      console.log(`${done} handshakes succeeded, ${failed} failed; ${lost.length} lost blocks`)
    }
    if (lost.length > 0) process.exitCode = 1
  })

program
  .command('dropped')
  .description(
    'Makes connections, drops them in the middle of their handshakes, and tells the resident memory before ' +
      'and after. Exit status 1 if it grew by more than 20 MiB, or if a session is left.',
  )
  .argument('[connections]', 'how many', Number, 100_000)
  .option('--json', 'print JSON', false)
  .action(async (connections: number, { json }: { readonly json: boolean }) => {
    const report = await dropConnections(connections)
    const { before, after, mostAlive, left } = report
    const [mibBefore, mibAfter] = [before, after].map((size) => (size / 2 ** 20).toFixed(1))
    if (json) console.log(JSON.stringify(report, null, 2))
    else {
      console.log(`${connections} connections: ${mibBefore} MiB before, ${mibAfter} MiB after;`)
      console.log(`${mostAlive} sessions alive at most, ${left} at the end`)
    }
    if (left > 0 || after - before > MOST_LEFT) process.exitCode = 1
  })

await program.parseAsync()
