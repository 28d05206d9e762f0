import {
  ask,
  Client,
  type Command,
  defineEndingTests,
  defineNeverResumesTest,
  defineResumptionTests,
  findProgram,
  startPeer,
  testsWith,
  visit,
  type Witness,
} from '@tlsio/real-peers'
import type { ExecutionContext } from 'ava'
import { subject } from './subject.js'

const gnutlsServ = findProgram('gnutls-serv')
const stdbuf = findProgram('stdbuf')
const define = testsWith('gnutls-serv', { 'gnutls-serv': gnutlsServ, stdbuf })

const get = 'GET / HTTP/1.0\r\n\r\n'
const page = /^HTTP\/1\.0 200 OK\r\n[\s\S]*<\/HTML>/i
const session = /(\*\*\* This is a resumed session\s+)?- Description: \(TLS1\.[23]-X\.509\)/

defineResumptionTests(subject, define, (t) => start(t))
defineEndingTests(subject, define, (t) => start(t), get, page)

define('TLSv1.2/resumes-by-session-id', async (t) => {
  await visit(t, subject, await start(t, '--noticket'), 'TLSv1.2', [false, true, true])
})

define('TLSv1.2/resumes-by-ticket', async (t) => {
  await visit(t, subject, await start(t, '--nodb'), 'TLSv1.2', [false, true, true])
})

define('TLSv1.3/resumes-by-ticket', async (t) => {
  await visit(t, subject, await start(t, '--nodb'), 'TLSv1.3', [false, true, true])
})

defineNeverResumesTest(subject, define, 'TLSv1.2', 'gives-sessions', 'noticket-nodb', (t) =>
  start(t, '--noticket', '--nodb'),
)
defineNeverResumesTest(subject, define, 'TLSv1.3', 'gives-none', 'noticket', (t) =>
  start(t, '--noticket'),
)

for (const version of subject.versions) {
  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const priority = `NORMAL:-VERS-ALL:+VERS-${version.replace('v', '')}`
    const server = await start(t, '--priority', priority)
    const connection = await new Client(t, subject, server.port).open()
    t.false(await server.ask(connection))
    t.is(connection.protocolVersion, version)
    await connection.close()
  })
}

async function start(t: ExecutionContext, ...options: string[]): Promise<Witness> {
  // To a pipe it prints in blocks otherwise.
  const unbuffered: Command = [stdbuf as string, '-o0', gnutlsServ as string]
  const files = ['--x509certfile', 'server.pem', '--x509keyfile', 'server.key']
  const mode = ['--http', '--disable-client-cert']
  const { port, child } = await startPeer(t, ({ port }) => [
    ...unbuffered,
    ...['--port', `${port}`, ...files, ...mode, ...options],
  ])
  return {
    port,
    ask: async (connection) => {
      const mark = child.output.length
      await ask(connection, get, page)
      const [, resumed] = await child.said(session, mark)
      return resumed !== undefined
    },
  }
}
