import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

const curl = findProgram('curl')
const define = testsWith('curl', { curl })

for (const version of subject.versions) {
  const number = version.slice('TLSv'.length)
  const pinned = [`--tlsv${number}`, '--tls-max', number]

  for (const ending of ['server', 'client'] as const) {
    for (const requireCloseNotify of [true, false]) {
      const title = `${ending}-ends/require-close-notify-${requireCloseNotify}`
      define(`${version}/${title}`, async (t) => {
        const connection = () => ({ requireCloseNotify })
        const { port, outcomes } = await startOurServer(t, subject, { ending, connection })
        const output = await run(t, port, ...pinned, `https://localhost:${port}/`)
        t.regex(output, /resumed=false\n/)
        t.regex(output, /SSL certificate verify ok/)
        t.deepEqual(await Promise.all(outcomes), [
          { resumed: false, version, serverName: 'localhost', protocol: null, received: 0 },
        ])
      })
    }
  }

  define(`${version}/offers-its-session`, async (t) => {
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
    const url = `https://localhost:${port}/`
    const output = await run(t, port, ...pinned, url, url)
    t.is(output.match(/SSL re-?using session/gi)?.length, 1)
    const served = await Promise.all(outcomes)
    t.deepEqual(
      served.map((each) => `resumed=${each.resumed}`),
      output.match(/resumed=\w+/g) ?? [],
    )
    t.false(served[0]?.resumed)
    // With TLS 1.2 curl may resume by session ID only (7.88 does), and a Node server keeps none.
    if (version === 'TLSv1.3') t.true(served[1]?.resumed)
  })

  define(`${version}/other-ticket-keys-are-a-full-handshake`, async (t) => {
    const connection = () => ({ ticketKeys: TicketKeys.generate() })
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const url = `https://localhost:${port}/`
    const output = await run(t, port, ...pinned, url, url)
    t.regex(output, /SSL re-?using session/i, 'it has offered one')
    t.deepEqual(output.match(/resumed=\w+/g), ['resumed=false', 'resumed=false'])
    t.is((await Promise.all(outcomes)).length, 2)
  })

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const connection = () => only(version)
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    const output = await run(t, port, '--tlsv1.2', `https://localhost:${port}/`)
    t.true(output.includes(`SSL connection using ${version} `))
    t.is((await outcomes[0])?.version, version)
  })

  define(`${version}/alpn`, async (t) => {
    const connection = () => ({ advertisedProtocols: ['http/1.1'] })
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'client', connection })
    const output = await run(t, port, ...pinned, `https://localhost:${port}/`)
    t.regex(output, /ALPN: server accepted http\/1\.1/)
    t.is((await outcomes[0])?.protocol, 'http/1.1')
  })

  for (const requireCloseNotify of [true, false]) {
    define(`${version}/8-mib-each-way/require-close-notify-${requireCloseNotify}`, async (t) => {
      const body = randomBytes(8 * 1024 * 1024)
      const connection = () => ({ requireCloseNotify })
      const server = await startOurServer(t, subject, { ending: 'client', connection, body })
      const folder = await scratchFolder(t)
      const [upload, download] = [join(folder, 'upload'), join(folder, 'download')]
      await writeFile(upload, body)
      const files = ['--data-binary', `@${upload}`, '--output', download]
      await run(t, server.port, ...pinned, ...files, `https://localhost:${server.port}/`)
      t.is((await server.outcomes[0])?.received, body.length)
      t.is(digest(await readFile(download)), digest(body))
    })
  }
}

/** What it printed; `--verbose` tells about TLS. */
async function run(t: ExecutionContext, port: number, ...options: string[]): Promise<string> {
  const folder = await scratchFolder(t)
  const quiet = ['--disable', '--silent', '--show-error', '--verbose', '--noproxy', '*']
  const there = ['--cacert', 'ca.pem', '--resolve', `localhost:${port}:127.0.0.1`]
  const child = new Child(t, [curl as string, ...quiet, ...there, ...options], { cwd: folder })
  await child.finish()
  return child.output
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
