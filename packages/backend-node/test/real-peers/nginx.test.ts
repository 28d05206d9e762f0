import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TlsProtocolVersion } from '@tlsio/core'
import {
  ask,
  Client,
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

const nginx = findProgram('nginx')
const define = testsWith('nginx', { nginx })
const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const page = /reused=([r.]) protocol=(\S+) name=(\S*)\n/

defineResumptionTests(subject, define, start)
defineEndingTests(
  subject,
  define,
  start,
  'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  page,
)

const noTickets = 'ssl_session_tickets off; ssl_session_cache'

for (const version of subject.versions) {
  define(`${version}/resumes-by-session-id`, async (t) => {
    // With TLS 1.3 a ticket that stands for an entry of the server's cache.
    await visit(t, subject, await start(t, `${noTickets} shared:S:1m;`), version, [
      false,
      true,
      true,
    ])
  })

  define(`${version}/resumes-while-the-source-is-open`, async (t) => {
    const server = await start(t)
    const client = new Client(t, subject, server.port, only(version))
    const source = await client.open()
    t.false(await server.ask(source))
    for (let i = 0; i < 4; i++) {
      const copy = await client.open()
      copy.copySessionState(source)
      t.true(await server.ask(copy))
      t.true(copy.isSessionResumed)
      await copy.close()
    }
    t.false(await server.ask(source))
    await source.close()
  })

  define(`${version}/version-and-name-by-the-servers-word`, async (t) => {
    const { port } = await start(t)
    const connection = await new Client(t, subject, port, only(version)).open()
    const [, , protocol, name] = await ask(connection, get, page)
    t.is(protocol, version)
    t.is(name, 'localhost')
    await connection.close()
  })

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const server = await start(t, `ssl_protocols ${version};`)
    const connection = await new Client(t, subject, server.port).open()
    t.false(await server.ask(connection))
    t.is(connection.protocolVersion, version)
    await connection.close()
  })

  define(`${version}/no-version-in-common`, async (t) => {
    const other: TlsProtocolVersion = version === 'TLSv1.2' ? 'TLSv1.3' : 'TLSv1.2'
    const { port } = await start(t, `ssl_protocols ${other};`)
    const connection = await new Client(t, subject, port, only(version)).open()
    await t.throwsAsync(connection.handshake(), { code: 'TLS_HANDSHAKE' })
    await connection.close()
  })

  const off = version === 'TLSv1.2' ? 'gives-none' : 'gives-sessions'
  defineNeverResumesTest(subject, define, version, off, 'session-cache-off', (t) =>
    start(t, `${noTickets} off;`),
  )
  defineNeverResumesTest(subject, define, version, 'gives-sessions', 'session-cache-none', (t) =>
    start(t, `${noTickets} none;`),
  )
}

async function start(t: ExecutionContext, settings = ''): Promise<Witness> {
  const { port } = await startPeer(t, async ({ folder, port }) => {
    const file = join(folder, 'nginx.conf')
    await writeFile(file, configuration(folder, port, settings))
    return [nginx as string, '-p', `${folder}/`, '-c', file, '-e', 'stderr']
  })
  return { port, ask: async (connection) => (await ask(connection, get, page))[1] === 'r' }
}

function configuration(folder: string, port: number, settings: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr info;
    events { worker_connections 64; }
    http {
      access_log off;
      ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${folder}/server.pem;
        ssl_certificate_key ${folder}/server.key;
        ${settings.includes('ssl_protocols') ? '' : 'ssl_protocols TLSv1.2 TLSv1.3;'}
        ${settings}
        default_type text/plain;
        location / {
          return 200 "reused=$ssl_session_reused protocol=$ssl_protocol name=$ssl_server_name\n";
        }
      }
    }`
}
