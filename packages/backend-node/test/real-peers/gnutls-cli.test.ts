import { TicketKeys } from '@tlsio/core'
import {
  Child,
  findProgram,
  only,
  scratchFolder,
  startOurServer,
  testsWith,
} from '@tlsio/real-peers'
import type { ExecutionContext } from 'ava'
import { subject } from './subject.js'

const gnutlsCli = findProgram('gnutls-cli')
const define = testsWith('gnutls-cli', { 'gnutls-cli': gnutlsCli })

for (const version of subject.versions) {
  const pinned = ['--priority', `NORMAL:-VERS-ALL:+VERS-${version.replace('v', '')}`]
  const resume = ['--resume', ...(version === 'TLSv1.3' ? ['--waitresumption'] : [])]

  for (const ending of ['server', 'client'] as const) {
    for (const requireCloseNotify of [true, false]) {
      const title = `${ending}-ends/require-close-notify-${requireCloseNotify}`
      define(`${version}/${title}`, async (t) => {
        const connection = () => ({ requireCloseNotify })
        const { port, outcomes } = await startOurServer(t, subject, { ending, connection })
        const output = await run(t, port, ...pinned)
        t.regex(output, /The certificate is trusted/)
        t.deepEqual(await Promise.all(outcomes), [
          { resumed: false, version, serverName: 'localhost', protocol: null, received: 0 },
        ])
      })
    }
  }

  define(`${version}/resumes-by-both-sides-word`, async (t) => {
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
    const output = await run(t, port, ...pinned, ...resume)
    t.regex(output, /\*\*\* This is a resumed session/)
    t.regex(output, /resumed=true\n/)
    const served = await Promise.all(outcomes)
    t.deepEqual(
      served.map((each) => each.resumed),
      [false, true],
    )
  })

  define(`${version}/other-ticket-keys-are-a-full-handshake`, async (t) => {
    const connection = () => ({ ticketKeys: TicketKeys.generate() })
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const output = await run(t, port, ...pinned, ...resume)
    t.notRegex(output, /\*\*\* This is a resumed session/)
    t.regex(output, /resumed=false\n/)
    t.is((await Promise.all(outcomes)).length, 2)
  })

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const connection = () => only(version)
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const output = await run(t, port)
    t.regex(output, new RegExp(`- Description: \\(${version.replace('v', '')}-`))
    t.is((await outcomes[0])?.version, version)
  })

  define(`${version}/alpn`, async (t) => {
    const connection = () => ({ advertisedProtocols: ['http/1.1'] })
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const output = await run(t, port, ...pinned, '--alpn', 'h2', '--alpn', 'http/1.1')
    t.regex(output, /- Application protocol: http\/1\.1/)
    t.is((await outcomes[0])?.protocol, 'http/1.1')
  })
}

/** Makes a request, after reconnecting if it is to; gives what it printed. */
async function run(t: ExecutionContext, port: number, ...options: string[]): Promise<string> {
  const name = ['--sni-hostname', 'localhost', '--verify-hostname', 'localhost']
  const there = [...name, '--x509cafile', 'ca.pem', '--port', `${port}`, '127.0.0.1']
  const command = [gnutlsCli as string, ...options, ...there] as const
  const child = new Child(t, command, { cwd: await scratchFolder(t) })
  child.type('GET / HTTP/1.1\r\n\r\n')
  await child.said(/resumed=/)
  await child.finish()
  return child.output
}
