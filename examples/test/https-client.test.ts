import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { authorityPem, localhostKeyPem, localhostPem } from '#src/demo/certificates.js'
import { runProgram } from './cli.js'
import { scratchFolder } from './harness.js'

async function httpsServer(t: ExecutionContext): Promise<string> {
  const server = createServer({ cert: localhostPem, key: localhostKeyPem }, (call, answer) => {
    answer.end(`This is ${call.headers.host}${call.url}\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('https-client/fetches-a-page', async (t) => {
  const host = await httpsServer(t)
  const anchors = join(await scratchFolder(t), 'anchors.pem')
  await writeFile(anchors, authorityPem)
  const { status, stdout, stderr } = await runProgram('https-client/main', [
    `https://${host}/page`,
    anchors,
  ])
  t.is(stderr, '')
  t.is(stdout, `This is ${host}/page\n`)
  t.is(status, 0)
})

test('https-client/says-what-is-wrong', async (t) => {
  const host = await httpsServer(t)
  const { status, stderr } = await runProgram('https-client/main', [`https://${host}/`])
  t.regex(stderr, /^https-client: .*certificate.*\n$/)
  t.is(status, 1)
  t.is((await runProgram('https-client/main', [])).status, 2)
})
