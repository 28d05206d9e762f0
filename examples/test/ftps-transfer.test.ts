import { randomBytes } from 'node:crypto'
import type { TlsProtocolVersion } from '@tlsio/core'
import test from 'ava'
import type { FtpServer } from '#src/ftp-server/server.js'
import type { FtpsClient } from '#src/ftps/client.js'
import { FtpError } from '#src/ftps/reply.js'
import { connect, createBackend, database, downloadAll, inChunks, startServer } from './harness.js'

const versions: readonly TlsProtocolVersion[] = ['TLSv1.2', 'TLSv1.3']

for (const version of versions) {
  const tls = { database, minVersion: version, maxVersion: version }

  test(`ftps/${version}/every-data-connection-resumes`, async (t) => {
    const server = await startServer(t)
    const client = await connect(t, server.port, { tls })
    await transferSix(client, server, 'a')
    await client.quit()
    const data = server.served.filter(({ kind }) => kind === 'data')
    t.deepEqual(
      data.map(({ verb, protocolVersion, resumed }) => [verb, protocolVersion, resumed]),
      ['LIST', 'RETR', 'STOR', 'LIST', 'RETR', 'STOR'].map((verb) => [verb, version, true]),
    )
    t.like(server.served[0], { kind: 'control', protocolVersion: version, resumed: false })
  })

  test(`ftps/${version}/two-clients-resume-their-own-sessions`, async (t) => {
    const server = await startServer(t)
    const backend = createBackend()
    const first = await connect(t, server.port, { tls, backend })
    const second = await connect(t, server.port, { tls, backend })
    await Promise.all([transferSix(first, server, 'a'), transferSix(second, server, 'b')])
    for (const control of [1, 2]) {
      const data = server.served.filter((seen) => seen.control === control && seen.kind === 'data')
      t.is(data.length, 6)
      t.true(data.every(({ resumed }) => resumed))
    }
  })

  test(`ftps/${version}/refused-without-the-session`, async (t) => {
    const server = await startServer(t)
    server.files.set('a', randomBytes(100))
    const client = await connect(t, server.port, { tls, reuseSession: false })
    for (const attempt of [() => client.list(), () => downloadAll(client, 'a')]) {
      const error = await t.throwsAsync(attempt, { instanceOf: FtpError })
      t.is(error.code, 522)
      t.regex(error.message, /session reuse required/)
    }
    const upload = client.upload('b', inChunks(randomBytes(1_000_000)))
    t.is((await t.throwsAsync(upload, { instanceOf: FtpError })).code, 522)
    t.is(server.files.get('b'), undefined)
  })

  test(`ftps/${version}/8-mebibytes-arrive-unchanged`, async (t) => {
    const server = await startServer(t)
    const content = randomBytes(8 * 1024 * 1024)
    const client = await connect(t, server.port, { tls })
    t.is(await client.upload('up', inChunks(content)), content.length)
    t.true(content.equals(server.files.get('up') ?? new Uint8Array()))
    t.true(content.equals(await downloadAll(client, 'up')))
  })
}

test('ftps/empty-file', async (t) => {
  const server = await startServer(t)
  const client = await connect(t, server.port)
  t.is(await client.upload('empty', inChunks(new Uint8Array())), 0)
  t.is(server.files.get('empty')?.length, 0)
  t.is((await downloadAll(client, 'empty')).length, 0)
})

test('ftps/pasv-where-epsv-is-refused', async (t) => {
  const server = await startServer(t, { passive: ['PASV'] })
  const client = await connect(t, server.port)
  await transferSix(client, server, 'a')
  t.is(server.served.filter(({ kind, resumed }) => kind === 'data' && resumed).length, 6)
})

test('ftps/calls-at-once-wait-for-their-turn', async (t) => {
  const server = await startServer(t)
  const client = await connect(t, server.port)
  const content = randomBytes(300_000)
  const [, list, received, size] = await Promise.all([
    client.upload('a', inChunks(content)),
    client.list(),
    downloadAll(client, 'a'),
    client.size('a'),
  ])
  t.regex(list, / 300000 .* a\r\n$/)
  t.true(content.equals(received))
  t.is(size, content.length)
})

/** LIST, RETR and STOR, twice, with unchanged content. */
async function transferSix(client: FtpsClient, server: FtpServer, name: string): Promise<void> {
  const content = randomBytes(200_000)
  server.files.set(`${name}-here`, content)
  for (const round of [1, 2]) {
    const list = await client.list()
    if (!list.includes(`${name}-here`)) throw new Error('The list is not complete.')
    const received = await downloadAll(client, `${name}-here`)
    if (!content.equals(received)) throw new Error('The download was changed.')
    await client.upload(`${name}-${round}`, inChunks(content))
    const stored = server.files.get(`${name}-${round}`)
    if (!stored || !content.equals(stored)) throw new Error('The upload was changed.')
  }
}
