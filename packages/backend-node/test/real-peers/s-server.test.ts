import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { client as clientFixture, forA } from '@tlsio/conformance/fixtures'
import { TlsCertificate } from '@tlsio/core'
import {
  ask,
  Client,
  type Command,
  defineEndingTests,
  defineNeverResumesTest,
  defineResumptionTests,
  findProgram,
  only,
  startPeer,
  testsWith,
  visit,
  type Witness,
} from '@tlsio/real-peers'
import type { ExecutionContext } from 'ava'
import { subject } from './subject.js'

const openssl = findProgram('openssl')
const define = testsWith('openssl-s_server', { openssl })

const get = 'GET / HTTP/1.0\r\n\r\n'
const page = /^(New|Reused), [\s\S]*<\/HTML>\r?\n/im

defineResumptionTests(subject, define, (t) => start(t))
defineEndingTests(subject, define, (t) => start(t), get, page)

define('TLSv1.2/resumes-by-session-id', async (t) => {
  await visit(t, subject, await start(t, '-no_ticket'), 'TLSv1.2', [false, true, true])
})

define('TLSv1.3/resumes-by-tickets-of-a-cache', async (t) => {
  await visit(t, subject, await start(t, '-no_ticket'), 'TLSv1.3', [false, true, true])
})

define('TLSv1.3/five-tickets-one-for-each-connection', async (t) => {
  const server = await start(t, '-num_tickets', '5')
  await visit(t, subject, server, 'TLSv1.3', [false, true, true, true, true, true, true])
})

defineNeverResumesTest(subject, define, 'TLSv1.2', 'gives-none', 'no_ticket-no_cache', (t) =>
  start(t, '-no_ticket', '-no_cache'),
)
defineNeverResumesTest(subject, define, 'TLSv1.3', 'gives-sessions', 'no_ticket-no_cache', (t) =>
  start(t, '-no_ticket', '-no_cache'),
)
defineNeverResumesTest(subject, define, 'TLSv1.3', 'gives-none', 'num_tickets-0', (t) =>
  start(t, '-num_tickets', '0'),
)

define('TLSv1.3/resumes-after-hello-retry-request', async (t) => {
  // Node offers X25519 and P-256 first.
  await visit(t, subject, await start(t, '-groups', 'P-384'), 'TLSv1.3', [false, true, true])
})

for (const version of subject.versions) {
  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const server = await start(t, version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3')
    const connection = await new Client(t, subject, server.port).open()
    t.false(await server.ask(connection))
    t.is(connection.protocolVersion, version)
    await connection.close()
  })

  define(`${version}/no-version-in-common`, async (t) => {
    const { port } = await start(t, version === 'TLSv1.2' ? '-tls1_3' : '-tls1_2')
    const connection = await new Client(t, subject, port, only(version)).open()
    await t.throwsAsync(connection.handshake(), { code: 'TLS_HANDSHAKE' })
    await connection.close()
  })

  define(`${version}/resumes-with-a-client-certificate`, async (t) => {
    const server = await start(t, '-Verify', '2', '-verify_return_error', '-CAfile', 'ca.pem')
    const pem = clientFixture.certificate + clientFixture.privateKey
    const certificate = TlsCertificate.fromPem(pem)
    await visit(t, subject, server, version, [false, true, true], { certificate })
  })

  define(`${version}/resumes-with-an-rsa-key`, async (t) => {
    const server = await startPeer(t, async ({ folder, port }) => {
      await writeFile(join(folder, 'server.pem'), forA.certificate)
      await writeFile(join(folder, 'server.key'), forA.privateKey)
      return command(port)
    })
    const serverIdentity = { hostname: 'a.test' }
    await visit(t, subject, { port: server.port, ask: reused }, version, [false, true], {
      serverIdentity,
    })
  })
}

async function start(t: ExecutionContext, ...options: string[]): Promise<Witness> {
  const { port } = await startPeer(t, ({ port }) => command(port, ...options))
  return { port, ask: reused }
}

/** It serves one connection at a time, and its page tells about the session. */
function command(port: number, ...options: string[]): Command {
  const address = ['-accept', `127.0.0.1:${port}`]
  const files = ['-cert', 'server.pem', '-key', 'server.key']
  return [openssl as string, 's_server', ...address, ...files, '-www', ...options]
}

async function reused(connection: Parameters<Witness['ask']>[0]): Promise<boolean> {
  return (await ask(connection, get, page))[1] === 'Reused'
}
