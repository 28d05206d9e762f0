import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Child, startOnTerminal, terminalPrograms, testsWith } from '@tlsio/real-peers'
import test, { type ExecutionContext } from 'ava'
import { authorityPem, localhostKeyPem, localhostPem } from '#src/demo/certificates.js'
import { runProgram } from './cli.js'
import { scratchFolder } from './harness.js'

const onTerminal = testsWith('terminal', terminalPrograms)

async function start(t: ExecutionContext): Promise<Child> {
  const key = createPrivateKey(localhostKeyPem).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'xyzzy',
  })
  const file = join(await scratchFolder(t), 'server.pem')
  await writeFile(file, `${localhostPem}${key}`)
  const program = fileURLToPath(import.meta.resolve('#src/encrypted-key/main.js'))
  const command = `'${process.execPath}' '${program}' '${file}'; echo status=$?`
  return startOnTerminal(t, command)
}

onTerminal('encrypted-key/asks-and-then-serves', async (t) => {
  const terminal = await start(t)
  await terminal.said(/the private key in .*server\.pem\r\nPassword: /)
  terminal.type('xyz\n')
  await terminal.said(/was wrong.*\r\nPassword: /)
  terminal.type('xyzzy\n')
  const [, port] = await terminal.said(/https:\/\/localhost:(\d+)\//)
  t.notRegex(terminal.output, /xyz/)
  const request = get(`https://127.0.0.1:${port}/`, { ca: authorityPem, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  t.is(await text(response), 'This is CN=localhost\n')
  // The terminal is as it was: it echoes again, and Ctrl-C is a signal.
  terminal.type('\u0003')
  await terminal.said(/\^C/)
})

onTerminal('encrypted-key/three-wrong-ones', async (t) => {
  const terminal = await start(t)
  for (const question of [
    /Password: /,
    /few tries left\.\r\nPassword: /,
    /no further.*\r\nPassword: /,
  ]) {
    await terminal.said(question)
    terminal.type('wrong\n')
  }
  await terminal.said(/encrypted-key: .*password.*wrong.*status=1/s)
  t.pass()
})

onTerminal('encrypted-key/who-gives-up', async (t) => {
  const terminal = await start(t)
  await terminal.said(/Password: /)
  terminal.type('\u0003')
  await terminal.said(/status=130/)
  t.notRegex(terminal.output, /encrypted-key:/)
})

test('encrypted-key/says-how-to-use-it', async (t) => {
  const { status, stderr } = await runProgram('encrypted-key/main', [])
  t.regex(stderr, /^Usage: /)
  t.is(status, 2)
})
