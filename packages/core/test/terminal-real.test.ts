// On pseudo terminals, with a kernel that echoes, and a shell that looks at the modes afterwards.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Child, startOnTerminal, terminalPrograms, testsWith } from '@tlsio/real-peers'
import test, { type ExecutionContext } from 'ava'

const onTerminal = testsWith('terminal', terminalPrograms)
const program = fileURLToPath(new URL('support/asks-at-the-terminal.js', import.meta.url))
const asks = `'${process.execPath}' '${program}'`

/** The modes before and after, as `stty -g` has them. */
function modes(screen: string): (string | undefined)[] {
  return ['before', 'after'].map((when) => new RegExp(`${when}=(\\S+)`).exec(screen)?.[1])
}

function start(t: ExecutionContext, commandLine: string) {
  return startOnTerminal(
    t,
    `echo before=$(stty -g); ${commandLine}; echo status=$? after=$(stty -g)`,
  )
}

onTerminal('a-terminal-echoes', async (t) => {
  const terminal = startOnTerminal(t, 'echo ready; read line; echo "it was $line"')
  await terminal.said(/ready/)
  terminal.type('swordfish\n')
  await terminal.said(/it was swordfish/)
  t.regex(terminal.output, /swordfish.*it was/s)
})

onTerminal('what-is-typed-does-not-show', async (t) => {
  const terminal = start(t, asks)
  await terminal.said(/Password: /)
  terminal.type('swordfishö\n')
  await terminal.said(/status=0 after=\S+/)
  t.regex(terminal.output, /The key of a test\r\nPassword: \r\nhandled: 11\r\n/)
  t.notRegex(terminal.output, /swordfish|ish/)
  const [before, after] = modes(terminal.output)
  t.is(after, before)
})

onTerminal('whatever-the-standard-streams-are', async (t) => {
  const terminal = start(t, `${asks} < /dev/null 2> /dev/null | cat`)
  await terminal.said(/Password: /)
  terminal.type('swordfish\n')
  await terminal.said(/handled: 9.*after=\S+/s)
  t.notRegex(terminal.output, /swordfish/)
  const [before, after] = modes(terminal.output)
  t.is(after, before)
})

const ways: readonly {
  readonly way: string
  readonly answer: RegExp
  leave(terminal: Child, pid: number): void
}[] = [
  {
    way: 'ctrl-c',
    answer: /AbortError: .*status=0/s,
    leave: (terminal) => terminal.type('swordfish\u0003'),
  },
  {
    way: 'ctrl-d',
    answer: /AbortError: .*status=0/s,
    leave: (terminal) => terminal.type('\u0004'),
  },
  {
    way: 'abort',
    answer: /No longer wanted\..*status=0/s,
    leave: (_, pid) => process.kill(pid, 'SIGUSR2'),
  },
  { way: 'exit', answer: /status=3/, leave: (_, pid) => process.kill(pid, 'SIGHUP') },
  { way: 'termination', answer: /status=143/, leave: (_, pid) => process.kill(pid, 'SIGTERM') },
]

for (const { way, answer, leave } of ways) {
  onTerminal(`modes-are-back-after/${way}`, async (t) => {
    const terminal = start(t, asks)
    const [, pid] = await terminal.said(/pid=(\d+)/)
    await terminal.said(/Password: /)
    leave(terminal, Number(pid))
    await terminal.said(answer)
    await terminal.said(/after=\S+/)
    const [before, after] = modes(terminal.output)
    t.is(after, before)
    t.notRegex(terminal.output, /swordfish/)
  })
}

test('terminal-interaction/cut-off-from-any-terminal', async (t) => {
  // A session of its own has no terminal to open.
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
  })
  t.regex(await text(child.stdout), /^unhandled: nothing$/m)
})
