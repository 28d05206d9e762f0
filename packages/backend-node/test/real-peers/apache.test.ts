import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

const apache = findProgram('apache2')
const modules = '/usr/lib/apache2/modules'
const mod_ssl = existsSync(join(modules, 'mod_ssl.so')) ? modules : undefined
const define = testsWith('apache', { apache, mod_ssl })

const get = 'GET /index.txt HTTP/1.1\r\nHost: localhost\r\n'
const page = /X-Resumed: (Initial|Resumed) (\S+)\r\n[\s\S]*\r\n\r\nhello/

const noTickets = 'SSLSessionTickets off'

defineResumptionTests(subject, define, (t) => start(t))
defineEndingTests(subject, define, (t) => start(t), `${get}Connection: close\r\n\r\n`, page)

for (const version of subject.versions) {
  define(`${version}/resumes-by-session-id`, async (t) => {
    await visit(t, subject, await start(t, noTickets), version, [false, true, true])
  })

  define(`${version}/version-by-the-servers-word`, async (t) => {
    const { port } = await start(t)
    const connection = await new Client(t, subject, port, only(version)).open()
    const [, , protocol] = await ask(connection, `${get}\r\n`, page)
    t.is(protocol, version)
    await connection.close()
  })

  const never = version === 'TLSv1.2' ? 'gives-none' : 'gives-sessions'
  defineNeverResumesTest(subject, define, version, never, 'session-cache-none', (t) =>
    start(t, `${noTickets}\nSSLSessionCache none`),
  )
}

async function start(t: ExecutionContext, settings = ''): Promise<Witness> {
  const { port } = await startPeer(t, async ({ folder, port }) => {
    const root = join(folder, 'root')
    await mkdir(root, { recursive: true })
    await writeFile(join(root, 'index.txt'), 'hello\n')
    const file = join(folder, 'apache.conf')
    await writeFile(file, configuration(folder, port, settings))
    return [apache as string, '-f', file, '-DFOREGROUND']
  })
  return {
    port,
    ask: async (connection) => (await ask(connection, `${get}\r\n`, page))[1] === 'Resumed',
  }
}

function configuration(folder: string, port: number, settings: string): string {
  const loaded = ['mpm_event', 'authz_core', 'socache_shmcb', 'headers', 'ssl']
  return `
    ServerRoot ${folder}
    ServerName localhost
    PidFile ${folder}/apache.pid
    DefaultRuntimeDir ${folder}
    Listen 127.0.0.1:${port}
    ${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
    ErrorLog ${folder}/error.log
    User www-data
    Group www-data
    StartServers 1
    DocumentRoot ${folder}/root
    <Directory ${folder}/root>
      Require all granted
    </Directory>
    ${settings.includes('SSLSessionCache') ? '' : `SSLSessionCache shmcb:${folder}/sessions`}
    ${settings}
    SSLEngine on
    SSLCertificateFile ${folder}/server.pem
    SSLCertificateKeyFile ${folder}/server.key
    Header always set X-Resumed "%{SSL_SESSION_RESUMED}s %{SSL_PROTOCOL}s"
    `
}
