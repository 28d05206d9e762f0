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

const openssl = findProgram('openssl')
const define = testsWith('openssl-s_client', { openssl })

for (const version of subject.versions) {
  const pinned = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3'

  for (const ending of ['server', 'client'] as const) {
    for (const requireCloseNotify of [true, false]) {
      const title = `${ending}-ends/require-close-notify-${requireCloseNotify}`
      define(`${version}/${title}`, async (t) => {
        const connection = () => ({ requireCloseNotify })
        const { port, outcomes } = await startOurServer(t, subject, { ending, connection })
        const output = await run(t, await scratchFolder(t), port, pinned)
        t.regex(output, /^Verify return code: 0 \(ok\)|Verification: OK/m)
        t.deepEqual(await Promise.all(outcomes), [
          { resumed: false, version, serverName: 'localhost', protocol: null, received: 0 },
        ])
      })
    }
  }

  define(`${version}/resumes-by-both-sides-word`, async (t) => {
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
    const folder = await scratchFolder(t)
    t.is(word(await run(t, folder, port, pinned, '-sess_out', 'session')), 'New')
    // A ticket may be offered again: no early data is taken that could be replayed.
    for (let i = 0; i < 2; i++) {
      t.is(word(await run(t, folder, port, pinned, '-sess_in', 'session')), 'Reused')
    }
    const served = await Promise.all(outcomes)
    t.deepEqual(
      served.map((each) => each.resumed),
      [false, true, true],
    )
  })

  define(`${version}/other-ticket-keys-are-a-full-handshake`, async (t) => {
    const connection = () => ({ ticketKeys: TicketKeys.generate() })
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const folder = await scratchFolder(t)
    t.is(word(await run(t, folder, port, pinned, '-sess_out', 'session')), 'New')
    t.is(word(await run(t, folder, port, pinned, '-sess_in', 'session')), 'New')
    t.is((await Promise.all(outcomes)).length, 2)
  })

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const connection = () => only(version)
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const output = await run(t, await scratchFolder(t), port)
    t.regex(output, new RegExp(`^New, ${version}, Cipher is`, 'm'))
    t.is((await outcomes[0])?.version, version)
  })

  define(`${version}/alpn`, async (t) => {
    const connection = () => ({ advertisedProtocols: ['http/1.1'] })
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const output = await run(t, await scratchFolder(t), port, pinned, '-alpn', 'h2,http/1.1')
    t.regex(output, /^ALPN protocol: http\/1\.1$/m)
    t.is((await outcomes[0])?.protocol, 'http/1.1')
  })
}

define('TLSv1.2/reconnects-five-times', async (t) => {
  const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
  const output = await run(t, await scratchFolder(t), port, '-tls1_2', '-reconnect')
  t.deepEqual(output.match(/^(New|Reused)(?=, )/gm), ['New', ...Array(5).fill('Reused')])
  const served = await Promise.all(outcomes)
  t.deepEqual(
    served.map((each) => each.resumed),
    [false, ...Array(5).fill(true)],
  )
})

/** Makes a request; gives what it printed. */
async function run(
  t: ExecutionContext,
  folder: string,
  port: number,
  ...options: string[]
): Promise<string> {
  const there = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost']
  const trust = ['-CAfile', 'ca.pem', '-verify_return_error', '-verify_hostname', 'localhost']
  const command = [openssl as string, 's_client', ...there, ...trust, ...options] as const
  const child = new Child(t, command, { cwd: folder })
  child.type('GET / HTTP/1.1\r\n\r\n')
  await child.said(/resumed=/)
  await child.finish()
  return child.output
}

/** What it says of the session. */
function word(output: string): string | undefined {
  return /^(New|Reused), /m.exec(output)?.[1]
}
