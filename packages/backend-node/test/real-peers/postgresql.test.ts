import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { IoStream, TlsClientConnection } from '@tlsio/core'
import {
  ask,
  Client,
  findProgram,
  only,
  type Peer,
  readToEnd,
  scratchFolder,
  startPeer,
  testsWith,
} from '@tlsio/real-peers'
import test from 'ava'
import { subject } from './subject.js'

const initdb = findProgram('initdb', versionFolders())
const postgres = findProgram('postgres', versionFolders())
// It refuses to run as root.
const isRoot = process.getuid?.() === 0
const user = isRoot ? unprivilegedUser() : undefined
const define = testsWith('postgresql', {
  postgres,
  initdb,
  ...(isRoot ? { 'a user postgres': user && 'here' } : {}),
})

const undo: (() => void | Promise<void>)[] = []
const file = { teardown: (step: () => void | Promise<void>) => void undo.unshift(step) }
let server: Promise<Peer> | undefined
test.after.always(async () => {
  for (const step of undo) await step()
})

for (const version of subject.versions) {
  for (const requireCloseNotify of [true, false]) {
    define(`${version}/upgrade/require-close-notify-${requireCloseNotify}`, async (t) => {
      server ??= start()
      const { port } = await server
      const client = new Client(t, subject, port, { ...only(version), requireCloseNotify })
      const connection = await client.open(await upgraded(await client.connect()))
      t.is(await versionInUse(connection), version)
      t.is(connection.protocolVersion, version)
      await connection.write(message('X'))
      t.is((await readToEnd(connection)).length, 0)
      await connection.close()
    })
  }

  define(`${version}/never-resumes`, async (t) => {
    server ??= start()
    const { port } = await server
    const client = new Client(t, subject, port, only(version))
    const source = await client.open(await upgraded(await client.connect()))
    await versionInUse(source)
    for (const copied of [false, true, true]) {
      const connection = await client.open(await upgraded(await client.connect()))
      if (copied) connection.copySessionState(source)
      t.is(await versionInUse(connection), version)
      t.false(connection.isSessionResumed)
      await connection.close()
    }
    await source.close()
  })
}

/** One server for the whole file: its first start takes over a second. */
async function start(): Promise<Peer> {
  const data = join(await scratchFolder(file), 'data')
  await mkdir(data, { mode: 0o700 })
  if (user !== undefined) await chown(data, user.uid, user.gid)
  const options = ['-A', 'trust', '-U', 'postgres', '-D', data, '-N', '--no-locale']
  await promisify(execFile)(initdb as string, options, { cwd: data, ...user })
  const peer = await startPeer(
    file,
    async ({ folder, port }) => {
      const key = join(folder, 'server.key')
      await chmod(key, 0o600)
      if (user !== undefined) await chown(key, user.uid, user.gid)
      const settings = {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        ssl: 'on',
        ssl_cert_file: join(folder, 'server.pem'),
        ssl_key_file: key,
      }
      const options = Object.entries(settings).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ])
      return [postgres as string, '-D', data, '-p', `${port}`, ...options]
    },
    user,
  )
  // It listens before that, and turns clients away.
  await peer.child.said(/ready to accept connections/)
  return peer
}

/** Asks for TLS in the clear (SSLRequest), on the stream that it is then spoken on. */
async function upgraded(stream: IoStream): Promise<IoStream> {
  await stream.write(Buffer.from('0000000804d2162f', 'hex'))
  const answer = Buffer.from((await stream.read()) ?? []).toString('latin1')
  if (answer !== 'S') throw new Error(`The server answered ${JSON.stringify(answer)}.`)
  return stream
}

/** Logs in, and asks the server which version of TLS it speaks here. */
async function versionInUse(connection: TlsClientConnection): Promise<string | undefined> {
  // Each ends with ReadyForQuery.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL's protocol is binary.
  const ready = /Z\0\0\0\x05I$/
  const version3 = Buffer.from([0, 3, 0, 0])
  const login = Buffer.from('user\0postgres\0database\0postgres\0\0')
  await ask(connection, message('', Buffer.concat([version3, login])), ready)
  const query = 'SELECT version FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()\0'
  const { input } = await ask(connection, message('Q', Buffer.from(query)), ready)
  return /TLSv1\.\d/.exec(input)?.[0]
}

/** A message: its type, its length, its content. */
function message(type: '' | 'Q' | 'X', content: Uint8Array = Buffer.alloc(0)): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(type), length, content])
}

/** Where Debian puts it, the newest version first. */
function versionFolders(): string[] {
  const all = '/usr/lib/postgresql'
  if (!existsSync(all)) return []
  const versions = readdirSync(all).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(all, version, 'bin'))
}

function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  const [, uid, gid] =
    /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? []
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}
