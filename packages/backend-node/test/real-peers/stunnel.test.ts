import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  ask,
  Client,
  defineNeverResumesTest,
  defineResumptionTests,
  findProgram,
  only,
  type Peer,
  readToEnd,
  startPeer,
  testsWith,
  visit,
  type Witness,
} from '@tlsio/real-peers'
import type { ExecutionContext } from 'ava'
import { subject } from './subject.js'

const stunnel = findProgram('stunnel4') ?? findProgram('stunnel')
const cat = findProgram('cat')
const define = testsWith('stunnel', { stunnel, cat })
const session = /TLS accepted: (new session negotiated|previous session reused)/

defineResumptionTests(subject, define, (t) => start(t))

define('TLSv1.2/resumes-by-session-id', async (t) => {
  await visit(t, subject, await start(t, 'options = NO_TICKET'), 'TLSv1.2', [false, true, true])
})

define('TLSv1.3/only-the-last-ticket-of-a-handshake-resumes', async (t) => {
  // Without stateless tickets stunnel gives two on a full handshake, and takes only the second.
  const server = await start(t, 'options = NO_TICKET')
  const client = new Client(t, subject, server.port, only('TLSv1.3'))
  const seen: (boolean | undefined)[] = []
  for (let i = 0; i < 5; i++) {
    const connection = await client.open()
    const word = await server.ask(connection)
    t.is(connection.isSessionResumed, word)
    seen.push(word)
    await connection.close()
  }
  t.false(seen[0])
  t.true(seen.includes(true))
  const source = await new Client(t, subject, server.port, only('TLSv1.3')).open()
  t.false(await server.ask(source))
  const copy = await client.open()
  copy.copySessionState(source)
  t.true(await server.ask(copy), 'a copy offers the newest ticket first')
  t.true(copy.isSessionResumed)
  await copy.close()
  await source.close()
})

for (const version of subject.versions) {
  defineNeverResumesTest(subject, define, version, 'gives-none', 'sessionResume-no', (t) =>
    start(t, 'sessionResume = no'),
  )

  for (const requireCloseNotify of [true, false]) {
    const options = { ...only(version), requireCloseNotify }
    const suffix = `require-close-notify-${requireCloseNotify}`

    define(`${version}/echo-of-8-mib/${suffix}`, async (t) => {
      const { port } = await start(t)
      const connection = await new Client(t, subject, port, options).open()
      const content = randomBytes(8 * 1024 * 1024)
      const echo = readToEnd(connection)
      for (let at = 0; at < content.length; at += 65_536) {
        await connection.write(content.subarray(at, at + 65_536))
      }
      // Only our direction ends: the rest of the echo, and the server's own end, come after.
      await connection.closeWrite()
      const received = await echo
      t.is(received.length, content.length)
      t.is(digest(received), digest(content))
      await connection.close()
    })

    define(`${version}/half-close-before-the-answer/${suffix}`, async (t) => {
      const { port } = await start(t)
      const client = new Client(t, subject, port, options)
      for (const resumed of [false, true]) {
        const connection = await client.open()
        await connection.write(Buffer.from('the last words'))
        await connection.closeWrite()
        await t.throwsAsync(connection.write(Buffer.from('more')), { code: 'IO_CLOSED' })
        t.is((await readToEnd(connection)).toString(), 'the last words')
        t.is(connection.isSessionResumed, resumed)
        await connection.close()
      }
    })
  }

  define(`${version}/close-sends-close-notify`, async (t) => {
    const { port, child } = await start(t)
    const connection = await new Client(t, subject, port, only(version)).open()
    await ask(connection, 'hello', /hello/)
    await connection.close()
    t.truthy(await child.said(/TLS alert \(read\): warning: close notify/))
  })
}

async function start(t: ExecutionContext, settings = ''): Promise<Witness & Peer> {
  const { port, child } = await startPeer(t, async ({ folder, port }) => {
    const file = join(folder, 'stunnel.conf')
    await writeFile(file, configuration(folder, port, settings))
    return [stunnel as string, file]
  })
  // Each connection has a process that it would leave behind otherwise.
  t.teardown(async () => {
    for (const [, pid] of child.output.matchAll(/child started \(PID=(\d+)\)/g)) {
      await child.said(new RegExp(`Child process ${pid} finished`))
    }
  })
  return {
    port,
    child,
    ask: async (connection) => {
      const mark = child.output.length
      await ask(connection, 'ping', /ping/)
      const [, word] = await child.said(session, mark)
      return word === 'previous session reused'
    },
  }
}

/** Without an `output` it logs to the terminal, that is to us. */
function configuration(folder: string, port: number, settings: string): string {
  return `
foreground = yes
pid =
syslog = no
debug = 7
[echo]
accept = 127.0.0.1:${port}
exec = ${cat}
cert = ${folder}/server.pem
key = ${folder}/server.key
${settings}
`
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
