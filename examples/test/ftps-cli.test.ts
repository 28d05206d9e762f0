import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TlsCertificate } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { authorityPem } from '#src/demo/certificates.js'
import type { FtpServer } from '#src/ftp-server/server.js'
import { expiredKeyPem, expiredPem, strangerPem } from './certificates.js'
import { type Ended, runProgram } from './cli.js'
import { scratchFolder, startServer } from './harness.js'
import { closedPort, startScripted } from './scripted-server.js'

test('ftps/cli/several-commands-on-one-control-connection', async (t) => {
  const { server, folder } = await setUp(t)
  const content = randomBytes(300_000)
  server.files.set('a.bin', content)
  const { status, stdout, stderr } = await ftps(
    folder,
    server.port,
    ...'ls + get a.bin b.bin + put b.bin c.bin + ls'.split(' '),
  )
  t.deepEqual([status, stderr], [0, ''])
  t.regex(
    stdout,
    /^-rw.* a\.bin\nget a\.bin -> b\.bin: 300000 bytes\nput b\.bin -> c\.bin: 300000 /,
  )
  t.true(content.equals(await readFile(join(folder, 'b.bin'))))
  t.true(content.equals(server.files.get('c.bin') ?? new Uint8Array()))
  t.deepEqual(
    server.served.map(({ control, kind, resumed }) => [control, kind, resumed]),
    [[1, 'control', false], ...Array.from({ length: 4 }, () => [1, 'data', true])],
  )
})

test('ftps/cli/json', async (t) => {
  const { server, folder } = await setUp(t)
  server.files.set('a', randomBytes(100))
  const { status, stdout } = await ftps(folder, server.port, '--json', 'get', 'a')
  t.is(status, 0)
  const document = JSON.parse(stdout)
  t.is(document.backend, 'node')
  t.deepEqual(document.results, [{ command: 'get', remote: 'a', local: 'a', bytes: 100 }])
  t.deepEqual(
    document.handshakes.map(({ kind, resumed }: Record<string, unknown>) => [kind, resumed]),
    [
      ['control', false],
      ['data', true],
    ],
  )
})

test('ftps/cli/help', async (t) => {
  const { status, stdout } = await runProgram('ftps/main', ['--help'])
  t.is(status, 0)
  for (const word of [
    '--ca',
    '--tls-min',
    'FTPS_PASSWORD',
    'get REMOTE [LOCAL]',
    'TLSIO_BACKEND',
  ]) {
    t.true(stdout.includes(word), word)
  }
})

test('ftps/cli/unknown-command', async (t) => {
  const { server, folder } = await setUp(t)
  fails(t, await ftps(folder, server.port, 'fetch', 'a'), /"fetch a" is no command/)
  t.is(server.served.length, 0)
})

test('ftps/cli/missing-remote-file-leaves-no-part', async (t) => {
  const { server, folder } = await setUp(t)
  fails(t, await ftps(folder, server.port, 'get', 'missing'), /550/)
  t.deepEqual(await readdir(folder), ['ca.pem'])
})

test('ftps/cli/existing-local-file', async (t) => {
  const { server, folder } = await setUp(t)
  server.files.set('a', Buffer.from('new'))
  await writeFile(join(folder, 'a'), 'old')
  fails(t, await ftps(folder, server.port, 'get', 'a'), /"a" exists already; --overwrite/)
  t.is(await readFile(join(folder, 'a'), 'utf8'), 'old')
  t.is((await ftps(folder, server.port, '--overwrite', 'get', 'a')).status, 0)
  t.is(await readFile(join(folder, 'a'), 'utf8'), 'new')
  t.deepEqual(await readdir(folder), ['a', 'ca.pem'])
})

test('ftps/cli/existing-remote-file', async (t) => {
  const { server, folder } = await setUp(t)
  server.files.set('ca.pem', Buffer.from('theirs'))
  fails(t, await ftps(folder, server.port, 'put', 'ca.pem'), /553/)
  t.is(Buffer.from(server.files.get('ca.pem') ?? []).toString(), 'theirs')
})

test('ftps/cli/missing-local-file', async (t) => {
  const { server, folder } = await setUp(t)
  fails(t, await ftps(folder, server.port, 'put', 'nothing'), /"nothing": there is no such file/)
  fails(t, await ftps(folder, server.port, 'put', '.', 'a'), /"\.": it is no file/)
  t.is(server.files.get('a'), undefined)
})

test('ftps/cli/no-reuse-is-refused', async (t) => {
  const { server, folder } = await setUp(t)
  fails(t, await ftps(folder, server.port, '--no-reuse', 'ls'), /522.*session reuse required/)
})

test('ftps/cli/password-is-in-no-message', async (t) => {
  const { server, folder } = await setUp(t)
  const words = ['--port', `${server.port}`, '--ca', 'ca.pem', '--user', 'root', 'localhost', 'ls']
  const ended = await runProgram('ftps/main', words, { FTPS_PASSWORD: 'hunter2' }, folder)
  fails(t, ended, /530/)
  t.false(ended.stderr.includes('hunter2'))
})

test('ftps/cli/wrong-host-name', async (t) => {
  const { server, folder } = await setUp(t)
  fails(t, await ftps(folder, server.port, '--tls-name', 'other.test', 'ls'), /other\.test/)
})

test('ftps/cli/untrusted-authority', async (t) => {
  const { server, folder } = await setUp(t)
  await writeFile(join(folder, 'ca.pem'), strangerPem)
  fails(t, await ftps(folder, server.port, 'ls'), /trust anchor/)
})

test('ftps/cli/expired-certificate', async (t) => {
  const certificate = TlsCertificate.fromPem(expiredPem + expiredKeyPem)
  const { server, folder } = await setUp(t, { certificate })
  fails(t, await ftps(folder, server.port, 'ls'), /expired/)
})

test('ftps/cli/unusable-ca-file', async (t) => {
  const { server, folder } = await setUp(t)
  await writeFile(join(folder, 'ca.pem'), 'nothing')
  fails(t, await ftps(folder, server.port, 'ls'), /--ca ca\.pem: .*no PEM certificate/)
})

test('ftps/cli/connection-refused', async (t) => {
  const { folder } = await setUp(t)
  const port = await closedPort()
  fails(t, await ftps(folder, port, 'ls'), new RegExp(`${port}.*nothing listens there`))
})

test('ftps/cli/garbage-instead-of-tls', async (t) => {
  const { folder } = await setUp(t)
  const port = await startScripted(t, async (peer) => {
    await peer.say('220 Ready.\r\n')
    await peer.converse(['AUTH', '234 Go ahead.'])
    await peer.stream.read()
    await peer.say('500 OOPS: this is plaintext\r\n')
  })
  fails(t, await ftps(folder, port, 'ls'), /TLS/)
})

test('ftps/cli/no-backend-that-works', async (t) => {
  const { server, folder } = await setUp(t)
  const words = ['--port', `${server.port}`, '--ca', 'ca.pem', 'localhost', 'ls']
  const ended = await runProgram('ftps/main', words, { TLSIO_BACKEND: 'null' }, folder)
  fails(t, ended, /TLS/)
})

const tmpfs = process.platform === 'linux' && process.getuid?.() === 0
const diskTest = tmpfs ? test : test.skip
diskTest(
  `ftps/cli/full-disk${tmpfs ? '' : ' (needs root on Linux, to mount a small disk)'}`,
  async (t) => {
    const { server, folder } = await setUp(t)
    server.files.set('big', randomBytes(1_000_000))
    const disk = join(folder, 'disk')
    await mkdir(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tlsio', disk])
    if (mounted.status !== 0) {
      t.log('Skipped: no disk can be mounted here.')
      return t.pass()
    }
    try {
      fails(
        t,
        await ftps(folder, server.port, 'get', 'big', 'disk/big'),
        /"disk\/big\.part": the disk is full/,
      )
      t.deepEqual(await readdir(disk), [])
    } finally {
      spawnSync('umount', [disk])
    }
  },
)

/** A server, and a folder for the client with the authority to trust in `ca.pem`. */
async function setUp(
  t: ExecutionContext,
  options: Parameters<typeof startServer>[1] = {},
): Promise<{ server: FtpServer; folder: string }> {
  const server = await startServer(t, options)
  const folder = await scratchFolder(t)
  await writeFile(join(folder, 'ca.pem'), authorityPem)
  return { server, folder }
}

/** Runs the client in `folder`. */
function ftps(folder: string, port: number, ...words: readonly string[]): Promise<Ended> {
  const options = ['--port', `${port}`, '--ca', 'ca.pem', 'localhost']
  return runProgram('ftps/main', [...options, ...words], {}, folder)
}

/** It ended with status 1 and one line that says why. */
function fails(t: ExecutionContext, ended: Ended, reason: RegExp): void {
  t.is(ended.status, 1)
  t.is(ended.stdout, '')
  t.regex(ended.stderr, /^ftps: [^\n]+\n$/)
  t.regex(ended.stderr, reason)
}
