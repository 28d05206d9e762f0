import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { registerForgeBackend } from '@tlsio/backend-forge/di'
import type { TlsProtocolVersion } from '@tlsio/core'
import anyTest from 'ava'
import { authorityPem } from '#src/demo/certificates.js'
import type { FtpsClient } from '#src/ftps/client.js'
import type { HandshakeReport } from '#src/ftps/options.js'
import { FtpError } from '#src/ftps/reply.js'
import { runProgram } from './cli.js'
import {
  connect,
  createBackend,
  database,
  downloadAll,
  inChunks,
  scratchFolder,
} from './harness.js'
import { startVsftpd, type Vsftpd, whyNoVsftpd } from './vsftpd.js'

const test = whyNoVsftpd === undefined ? anyTest.serial : anyTest.skip
const suffix = whyNoVsftpd === undefined ? '' : ` (${whyNoVsftpd})`
const versions: readonly TlsProtocolVersion[] = ['TLSv1.2', 'TLSv1.3']

for (const version of versions) {
  const tls = { database, minVersion: version, maxVersion: version }

  test(`vsftpd/${version}/every-data-connection-resumes${suffix}`, async (t) => {
    const server = await startVsftpd(t)
    const client = await connect(t, server.port, { tls })
    await transferSix(server, client, 'a')
    await client.quit()
    const [control, ...data] = await server.connections()
    t.like(control, { version, reused: false })
    t.deepEqual(
      data.map((seen) => [seen.version, seen.reused]),
      Array.from({ length: 6 }, () => [version, true]),
    )
  })

  test(`vsftpd/${version}/refused-without-the-session${suffix}`, async (t) => {
    const server = await startVsftpd(t)
    await writeFile(join(server.root, 'a'), randomBytes(1000))
    const transfers: ((client: FtpsClient) => Promise<unknown>)[] = [
      (client) => client.list(),
      (client) => downloadAll(client, 'a'),
      (client) => client.upload('up/a', inChunks(randomBytes(1_000_000))),
    ]
    for (const run of transfers) {
      const client = await connect(t, server.port, { tls, reuseSession: false })
      const error = await t.throwsAsync(run(client), { instanceOf: FtpError })
      t.is(error.code, 522)
    }
    const seen = await server.connections()
    t.is(seen.length, 6)
    t.true(seen.every(({ reused }) => !reused))
  })

  test(`vsftpd/${version}/two-control-connections-at-once${suffix}`, async (t) => {
    const server = await startVsftpd(t)
    const backend = createBackend()
    const clients = [
      await connect(t, server.port, { tls, backend }),
      await connect(t, server.port, { tls, backend }),
    ]
    await Promise.all(clients.map((client, at) => transferSix(server, client, `${at}`)))
    const seen = await server.connections()
    const processes = [...new Set(seen.map((connection) => connection.process))]
    t.is(processes.length, 2)
    for (const process of processes) {
      // All processes of vsftpd share their ticket keys, so a control connection may resume
      // another's session. In ftps-transfer.test.ts the keys differ, and show whose session it is.
      const [, ...data] = seen.filter((connection) => connection.process === process)
      t.is(data.length, 6)
      t.true(data.every(({ reused }) => reused))
    }
  })

  test(`vsftpd/${version}/64-mebibytes-arrive-unchanged${suffix}`, async (t) => {
    const server = await startVsftpd(t)
    const content = randomBytes(64 * 1024 * 1024)
    const expected = createHash('sha256').update(content).digest('hex')
    const client = await connect(t, server.port, { tls })
    t.is(await client.upload('up/big', inChunks(content)), content.length)
    t.is(await hashOf(createReadStream(join(server.root, 'up', 'big'))), expected)
    const hash = createHash('sha256')
    const received = await client.download('up/big', (chunk) => {
      hash.update(chunk)
    })
    t.is(received, content.length)
    t.is(hash.digest('hex'), expected)
  })

  test(`vsftpd/${version}/refused-command-leaves-nothing-hanging${suffix}`, async (t) => {
    const server = await startVsftpd(t)
    const client = await connect(t, server.port, { tls })
    const missing = await t.throwsAsync(downloadAll(client, 'missing'), { instanceOf: FtpError })
    t.is(missing.code, 550)
    const refused = client.upload('not-allowed-here', inChunks(randomBytes(10)))
    t.is((await t.throwsAsync(refused, { instanceOf: FtpError })).code, 553)
    t.true((await client.list()).includes('up'))
  })
}

/** For TLS 1.0 and 1.1; in its log the version is the oldest one that has the cipher suite. */
const legacy = { ssl_tlsv1: 'YES', ssl_ciphers: 'ALL:@SECLEVEL=0' }

for (const version of ['TLSv1', 'TLSv1.1'] as const) {
  test(`vsftpd/forge/${version}/every-data-connection-resumes${suffix}`, async (t) => {
    const server = await startVsftpd(t, legacy)
    const versions = new Set<unknown>()
    const client = await connect(t, server.port, {
      backend: createBackend(registerForgeBackend),
      tls: { database, minVersion: version, maxVersion: version },
      onHandshake: ({ protocolVersion }) => versions.add(protocolVersion),
    })
    await transferSix(server, client, 'a')
    await client.list()
    await client.list()
    await client.quit()
    t.deepEqual([...versions], [version])
    const [control, ...data] = await server.connections()
    t.false(control?.reused)
    t.deepEqual(
      data.map(({ reused }) => reused),
      Array.from({ length: 8 }, () => true),
    )
  })
}

test(`vsftpd/forge/chosen-by-configuration${suffix}`, async (t) => {
  const server = await startVsftpd(t, legacy)
  const authority = join(await scratchFolder(t), 'authority.pem')
  await writeFile(authority, authorityPem)
  const lists = Array.from({ length: 8 }, () => 'ls').join(' + ')
  const { status, stdout, stderr } = await runProgram(
    'ftps/main',
    ['localhost', '--port', `${server.port}`, '--ca', authority, '--json', ...lists.split(' ')],
    { TLSIO_BACKEND: 'forge' },
  )
  t.deepEqual([status, stderr], [0, ''])
  const { backend, handshakes } = JSON.parse(stdout)
  t.is(backend, 'forge')
  t.true(handshakes.every((one: HandshakeReport) => one.protocolVersion === 'TLSv1.1'))
  const [, ...data] = await server.connections()
  t.deepEqual(
    data.map(({ reused }) => reused),
    Array.from({ length: 8 }, () => true),
  )
})

/** LIST, RETR and STOR, twice, with unchanged content. */
async function transferSix(server: Vsftpd, client: FtpsClient, name: string): Promise<void> {
  for (const round of [1, 2]) {
    const content = randomBytes(200_000)
    const offered = `${name}-${round}`
    await writeFile(join(server.root, offered), content)
    const list = await client.list()
    if (!list.includes(offered)) throw new Error('The list is not complete.')
    const received = await downloadAll(client, offered)
    if (!content.equals(received)) throw new Error('The download was changed.')
    await client.upload(`up/${offered}`, inChunks(content))
    const stored = await readFile(join(server.root, 'up', offered))
    if (!content.equals(stored)) throw new Error('The upload was changed.')
  }
}

async function hashOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
