// The program as it is installed: its own process, its own standard streams.
import * as fixtures from '@tlsio/conformance/fixtures'
import test from 'ava'
import type { ChainReport } from '#src/cert/chain-report.js'
import { folderWith, runProgram, serve } from './support.js'

test('program/verifies-a-server-by-the-system', async (t) => {
  const port = await serve(t, fixtures.forLocalhost)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const { status, stdout, stderr } = await runProgram(['cert', `127.0.0.1:${port}`], {
    environment: { SSL_CERT_FILE: path('ca.pem') },
  })
  t.is(stderr, '')
  t.is(status, 0)
  t.true(stdout.includes(`   trust       bundle file ${path('ca.pem')}, 1 anchor\n`))
  t.false(stdout.includes('\u001b'))
})

test('program/does-not-verify-standard-input', async (t) => {
  const path = await folderWith(t, { 'ca.pem': fixtures.otherCa })
  const { status, stdout } = await runProgram(['cert', '-', '--json'], {
    environment: { SSL_CERT_FILE: path('ca.pem') },
    stdin: fixtures.forA.certificate,
  })
  t.is(status, 1)
  const { verifies, flags, trust } = JSON.parse(stdout) as ChainReport
  t.deepEqual({ verifies, flags }, { verifies: false, flags: ['UNKNOWN_CA'] })
  t.deepEqual(trust, {
    source: 'bundle-file',
    path: path('ca.pem'),
    extra: null,
    anchors: 1,
    revocationLists: 0,
  })
})

test('program/has-no-verdict', async (t) => {
  const { status, stdout, stderr } = await runProgram(['cert', './none.pem'])
  t.deepEqual(
    { status, stdout, stderr },
    { status: 2, stdout: '', stderr: 'tlsio: ./none.pem cannot be read: there is no such file.\n' },
  )
})

test('program/the-environment-chooses-the-backend', async (t) => {
  const { status, stderr } = await runProgram(['cert', '127.0.0.1:1'], {
    environment: { TLSIO_BACKEND: 'help' },
  })
  t.is(status, 2)
  const listed = [...stderr.matchAll(/^ {2}(\w+) \(priority (-?\d+)\)$/gm)]
  t.deepEqual(
    listed.map(([, name, priority]) => [name, Number(priority)]),
    [
      ['node', 0],
      ['gnutls', -10],
      ['forge', -50],
      ['null', -100],
    ],
  )
})

test('program/without-libgnutls-the-next-backend-is-taken', async (t) => {
  const port = await serve(t, fixtures.forLocalhost)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const { status, stdout, stderr } = await runProgram(
    ['cert', `127.0.0.1:${port}`, '--ca', path('ca.pem'), '--json'],
    { environment: { TLSIO_BACKEND: 'gnutls', TLSIO_GNUTLS_LIBRARY: 'libnothere.so.1' } },
  )
  t.deepEqual([status, stderr], [0, ''])
  const { source } = JSON.parse(stdout) as ChainReport
  t.like(source, { kind: 'peer', backend: 'node' })
})
