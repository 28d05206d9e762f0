// Chains of servers on loopback.
import { once } from 'node:events'
import { createServer } from 'node:net'
import * as fixtures from '@tlsio/conformance/fixtures'
import { TlsError } from '@tlsio/core'
import test from 'ava'
import type { ChainReport } from '#src/cert/chain-report.js'
import { folderWith, run, serve } from './support.js'

test('cert/peer/a-good-chain', async (t) => {
  const port = await serve(t, fixtures.forLocalhost)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const { status, stdout, stderr } = await run(
    ['cert', `localhost:${port}`, '--ca', path('ca.pem')],
    { now: Date.now() },
  )
  t.is(stderr, '')
  t.is(status, 0)
  t.true(
    stdout.startsWith(`localhost:${port} at 127.0.0.1: TLSv1.3, TLS_AES_256_GCM_SHA384\n`),
    stdout,
  )
  t.regex(
    stdout,
    /^1 {2}CN=server\n {3}issuer {6}CN=Test CA\n {3}names {7}localhost, 127\.0\.0\.1, ::1$/m,
  )
  t.regex(stdout, /^Verifies\n {3}path {8}CN=server -> CN=Test CA$/m)
  t.regex(stdout, /^ {3}name {8}localhost$/m)
  t.regex(stdout, /^ {3}engine {6}node: nothing wrong$/m)
})

test('cert/peer/alpn-if-asked', async (t) => {
  const port = await serve(t, fixtures.forLocalhost, { advertisedProtocols: ['http/1.1', 'h2'] })
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const words = ['cert', `127.0.0.1:${port}`, '--ca', path('ca.pem'), '--json']
  const alpnOf = async (...more: string[]) => {
    const { stdout } = await run([...words, ...more])
    const { source } = JSON.parse(stdout) as ChainReport
    return source.kind === 'peer' ? source.alpn : undefined
  }
  t.is(await alpnOf('--alpn', 'h2, http/1.1'), 'http/1.1')
  t.is(await alpnOf('--alpn', 'h2'), 'h2')
  t.is(await alpnOf(), null)
})

const failing: readonly [
  title: string,
  fixture: fixtures.CertificateFixture,
  more: readonly string[],
  flags: readonly string[],
][] = [
  ['expired', fixtures.expired, ['--name', 'a.test'], ['EXPIRED']],
  ['not-yet-valid', fixtures.notYetValid, ['--name', 'a.test'], ['NOT_ACTIVATED']],
  ['untrusted', fixtures.fromOtherCa, ['--name', 'a.test'], ['UNKNOWN_CA']],
  ['for-another-name', fixtures.forLocalhost, ['--name', 'c.test'], ['BAD_IDENTITY']],
  ['the-host-by-default', fixtures.forA, [], ['BAD_IDENTITY']],
  ['intermediate-missing', fixtures.intermediateMissing, ['--name', 'a.test'], ['UNKNOWN_CA']],
]
for (const [title, fixture, more, flags] of failing) {
  test(`cert/peer/${title}`, async (t) => {
    const port = await serve(t, fixture)
    const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
    const words = ['cert', `127.0.0.1:${port}`, '--ca', path('ca.pem'), ...more]
    const { status, stdout } = await run(words, { now: Date.now() })
    t.is(status, 1)
    t.true(stdout.includes(`\nDoes not verify: ${flags.join(', ')}\n   - ${flags[0]} `), stdout)
    const json = await run([...words, '--json'], { now: Date.now() })
    t.is(json.status, 1)
    t.deepEqual((JSON.parse(json.stdout) as ChainReport).flags, flags)
  })
}

test('cert/peer/at-another-time-by-core-alone', async (t) => {
  const port = await serve(t, fixtures.expired)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const words = ['cert', `127.0.0.1:${port}`, '--name', 'a.test', '--ca', path('ca.pem')]
  const { status, stdout } = await run([...words, '--time', '2020-01-01T12:00:00Z'])
  t.is(status, 0)
  t.regex(stdout, /^ {3}at {10}2020-01-01 12:00:00 UTC$/m)
  t.regex(stdout, /^ {3}engine {6}node: has not judged$/m)
})

test('cert/peer/for-another-purpose-by-core-alone', async (t) => {
  const port = await serve(t, fixtures.forLocalhost)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const words = ['cert', `127.0.0.1:${port}`, '--ca', path('ca.pem'), '--purpose', 'clientAuth']
  const { status, stdout } = await run(words)
  t.is(status, 1)
  t.regex(stdout, /\(extended-key-usage\): It is not for clientAuth\./)
})

test('cert/peer/nobody-there', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  t.deepEqual(await run(['cert', `127.0.0.1:${port}`]), {
    status: 2,
    stdout: '',
    stderr: `tlsio: 127.0.0.1:${port}: Nothing listens there.\n`,
  })
})

test('cert/peer/not-tls', async (t) => {
  const server = createServer((socket) => socket.end('220 \u001b[31mftp.test\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const { status, stdout, stderr } = await run(['cert', `127.0.0.1:${port}`])
  t.is(status, 2)
  t.is(stdout, '')
  t.regex(stderr, /^tlsio: 127\.0\.0\.1:\d+: It speaks no TLS there, or gave up: .*\n$/)
  t.notRegex(stderr, /[^\P{C}\n]/u)
})

test('cert/peer/silent-for-too-long', async (t) => {
  const server = createServer((socket) => t.teardown(() => socket.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  t.deepEqual(await run(['cert', `127.0.0.1:${port}`, '--timeout', '0.2']), {
    status: 2,
    stdout: '',
    stderr: `tlsio: 127.0.0.1:${port}: No answer within 0.2 seconds.\n`,
  })
})

test('cert/peer/interrupted', async (t) => {
  const interrupted = new AbortController()
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy())
    interrupted.abort(new Error('Interrupted.'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const { signal } = interrupted
  const ended = await run(['cert', `127.0.0.1:${port}`], { signal })
  t.deepEqual(ended, { status: 2, stdout: '', stderr: 'tlsio: Interrupted.\n' })
})

test('cert/peer/no-engine', async (t) => {
  const backend = () => {
    throw new TlsError('TLS_UNAVAILABLE', 'No backend works here.')
  }
  const peer = await run(['cert', '127.0.0.1:1'], { backend })
  t.is(peer.status, 2)
  t.is(peer.stderr, 'tlsio: No backend works here.\n')
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const stdin = fixtures.forA.certificate
  const file = await run(['cert', '-', '--ca', path('ca.pem')], { backend, stdin })
  t.is(file.status, 0)
})
