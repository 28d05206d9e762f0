// The FTPS client with GnuTLS in each runtime, in a process of its own, against a real server.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bunEnvironment, bunPackage } from '@tlsio/runtimes/bun'
import { denoEnvironment, denoOptions, denoPackage } from '@tlsio/runtimes/deno'
import { whyNotOnThisMachine } from '@tlsio/runtimes/native-backend'
import { installedBinaryOf } from '@tlsio/runtimes/npm-runtime'
import test from 'ava'
import { authorityPem } from '#src/demo/certificates.js'
import type { HandshakeReport } from '#src/ftps/options.js'
import { type Runtime, runProgram } from './cli.js'
import { scratchFolder } from './harness.js'
import { startVsftpd, whyNoVsftpd } from './vsftpd.js'

interface InstalledRuntime extends Omit<Runtime, 'binary'> {
  readonly name: string
  /** `undefined` if it is not on this machine. */
  readonly binary: string | undefined
  readonly env?: Readonly<Record<string, string>>
}

const variables = ['FTPS_PASSWORD', 'TLSIO_BACKEND', 'TLSIO_GNUTLS_LIBRARY']

const runtimes: readonly InstalledRuntime[] = [
  { name: 'node', binary: process.execPath },
  {
    name: 'deno',
    binary: await installedBinaryOf(denoPackage),
    args: ['run', ...denoOptions(...variables), '--allow-net=127.0.0.1,localhost', '--allow-ffi'],
    env: denoEnvironment,
  },
  {
    name: 'bun',
    binary: await installedBinaryOf(bunPackage),
    args: ['run', '--no-install'],
    env: bunEnvironment,
  },
]

const noGnutls = await whyNotOnThisMachine('gnutls')

for (const { name, binary, args, env } of runtimes) {
  const hint = `not installed: \`pnpm test:runtimes ${name}\` does that`
  const missing = whyNoVsftpd ?? noGnutls ?? (binary === undefined ? hint : undefined)
  for (const version of ['1.2', '1.3']) {
    const title = `vsftpd/gnutls/${name}/TLSv${version}/every-data-connection-resumes`
    if (binary === undefined || missing !== undefined) {
      test.skip(`${title} (${missing})`, () => {})
      continue
    }
    test.serial(title, async (t) => {
      const server = await startVsftpd(t)
      const folder = await scratchFolder(t)
      const content = randomBytes(200_000)
      await writeFile(join(folder, 'authority.pem'), authorityPem)
      await writeFile(join(folder, 'here'), content)
      await writeFile(join(server.root, 'there'), content)
      const commands = ['1', '2'].flatMap((round) => [
        'ls up',
        `get there ${join(folder, `got-${round}`)}`,
        `put ${join(folder, 'here')} up/put-${round}`,
      ])
      const options = ['--port', `${server.port}`, '--ca', join(folder, 'authority.pem'), '--json']
      const { status, stdout, stderr } = await runProgram(
        'ftps/main',
        [
          'localhost',
          ...options,
          ...['--tls-min', version, '--tls-max', version],
          ...commands.join(' + ').split(' '),
        ],
        { ...env, TLSIO_BACKEND: 'gnutls' },
        folder,
        { binary, args },
      )
      t.deepEqual([status, stderr], [0, ''])
      for (const round of ['1', '2']) {
        t.true(content.equals(await readFile(join(folder, `got-${round}`))))
        t.true(content.equals(await readFile(join(server.root, 'up', `put-${round}`))))
      }
      const { backend, handshakes } = JSON.parse(stdout)
      t.is(backend, 'gnutls')
      t.deepEqual(
        handshakes.map((one: HandshakeReport) => one.resumed),
        [false, ...commands.map(() => true)],
      )
      const [control, ...data] = await server.connections()
      t.like(control, { version: `TLSv${version}`, reused: false })
      t.deepEqual(
        data.map((seen) => [seen.version, seen.reused]),
        commands.map(() => [`TLSv${version}`, true]),
      )
    })
  }
}
