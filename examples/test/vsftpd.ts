// A vsftpd of our own that refuses data connections which do not resume the control connection's
// session.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connectTcp } from '@tlsio/core/node'
import type { ExecutionContext } from 'ava'
import { localhostKeyPem, localhostPem } from '#src/demo/certificates.js'
import { scratchFolder, within } from './harness.js'
import { closedPort } from './scripted-server.js'

const program = '/usr/sbin/vsftpd'

/** Why vsftpd cannot run here; `undefined` if it can. */
export const whyNoVsftpd: string | undefined = !existsSync(program)
  ? `there is no ${program}`
  : process.getuid?.() !== 0
    ? 'vsftpd needs root'
    : undefined

/** A TLS connection in the server's log. */
export interface LoggedConnection {
  /** The server process, one for each control connection. */
  readonly process: string
  readonly version: string
  readonly reused: boolean
}

/** A running vsftpd. */
export interface Vsftpd {
  readonly port: number
  /** The folder that clients see; they can store in its folder `up`. */
  readonly root: string
  /** What its log says about TLS, in order. */
  connections(): Promise<LoggedConnection[]>
}

/** Starts vsftpd, until the test ends; `settings` replace those of its configuration. */
export async function startVsftpd(
  t: ExecutionContext,
  settings: Readonly<Record<string, string>> = {},
): Promise<Vsftpd> {
  const folder = await scratchFolder(t)
  const root = join(folder, 'root')
  const log = join(folder, 'log')
  const port = await closedPort()
  await prepare(folder, port, settings)
  // In a process group of its own: there is a process for each control connection too.
  const options = { stdio: 'inherit', detached: true } as const
  const server = spawn(program, [join(folder, 'vsftpd.conf')], options)
  const ended = once(server, 'exit')
  t.teardown(async () => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM')
    await ended
  })
  await within(ready(port, server), 'vsftpd to listen')
  return { port, root, connections: async () => parseLog(await readFile(log, 'latin1')) }
}

async function prepare(
  folder: string,
  port: number,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const root = join(folder, 'root')
  const up = join(root, 'up')
  const empty = join(folder, 'empty')
  await mkdir(up, { recursive: true })
  await mkdir(empty)
  // The server's users are others than ours, and it refuses a root folder that they can write to.
  await chmod(folder, 0o755)
  await chmod(root, 0o755)
  await chmod(up, 0o777)
  await chmod(empty, 0o555)
  await writeFile(join(folder, 'certificate.pem'), localhostPem)
  await writeFile(join(folder, 'key.pem'), localhostKeyPem)
  const dataPorts = await freeRange(100)
  const settings: Record<string, string | number> = {
    listen: 'YES',
    listen_address: '127.0.0.1',
    listen_port: port,
    background: 'NO',
    anonymous_enable: 'YES',
    no_anon_password: 'YES',
    anon_root: root,
    ftp_username: 'ftp',
    nopriv_user: 'nobody',
    secure_chroot_dir: empty,
    pasv_min_port: dataPorts,
    pasv_max_port: dataPorts + 99,
    write_enable: 'YES',
    anon_upload_enable: 'YES',
    anon_umask: '022',
    ssl_enable: 'YES',
    allow_anon_ssl: 'YES',
    force_anon_logins_ssl: 'YES',
    force_anon_data_ssl: 'YES',
    require_ssl_reuse: 'YES',
    strict_ssl_read_eof: 'YES',
    strict_ssl_write_shutdown: 'YES',
    ssl_ciphers: 'HIGH',
    rsa_cert_file: join(folder, 'certificate.pem'),
    rsa_private_key_file: join(folder, 'key.pem'),
    vsftpd_log_file: join(folder, 'log'),
    xferlog_enable: 'YES',
    log_ftp_protocol: 'YES',
    debug_ssl: 'YES',
    ...more,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(folder, 'vsftpd.conf'), lines.join(''))
}

async function ready(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const stream = await connectTcp({ host: '127.0.0.1', port }).catch(() => undefined)
    if (stream !== undefined) return stream.close()
  }
  throw new Error(`vsftpd ended with status ${server.exitCode}.`)
}

/** The first of `count` free ports in a row, below those that the system hands out itself. */
async function freeRange(count: number): Promise<number> {
  for (;;) {
    const first = 10_000 + count * Math.floor(Math.random() * 200)
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)))
    if (free.every(Boolean)) return first
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function parseLog(text: string): LoggedConnection[] {
  const line = /\[pid (\d+)\].*"SSL version: (\S+), SSL cipher: [^,]+, (not )?reused,/g
  return [...text.matchAll(line)].map(([, process = '', version = '', not]) => ({
    process,
    version,
    reused: not === undefined,
  }))
}
