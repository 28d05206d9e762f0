import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { forLocalhost, otherCa, testCa } from '@tlsio/conformance/fixtures'
import {
  gnutlsServ,
  gnutlsServPrograms,
  gnutlsServWords,
  onlyForGnutls,
  onlyForOpenssl,
  opensslPrograms,
  type Scope,
  sServer,
  testsWith,
} from '@tlsio/real-peers'
import { bundle } from '@tlsio/runtimes/bundle'
import {
  type ChromiumPage,
  installedChromium,
  MODULE,
  openPage,
} from '@tlsio/runtimes/chromium-page'
import test from 'ava'
import type * as Page from '#src/browser/page/page.js'
import { startRelay } from '#src/browser/relay.js'

const chromium = { chromium: installedChromium }
const define = testsWith('page', chromium)
const version = 'TLSv1.1'

/** What the page gives, by the function that it is asked to run. */
type Results = { [Name in keyof typeof Page]: Awaited<ReturnType<(typeof Page)[Name]>> }

let opened: Promise<ChromiumPage> | undefined
test.after.always(async () => (await opened)?.close())

testsWith('page/openssl-s_server', { ...chromium, ...opensslPrograms })(
  'first-full-then-resumed',
  async (t) => {
    const { port } = await sServer.start(t, ...onlyForOpenssl(version))
    const exchanges = await run(t, 'ask', port, testCa, sServer.request, 4)
    t.deepEqual(
      exchanges.map((one) => [one.version, one.resumed, sServer.answer.exec(one.answer)?.[1]]),
      [
        [version, false, 'New'],
        [version, true, 'Reused'],
        [version, true, 'Reused'],
        [version, true, 'Reused'],
      ],
    )
  },
)

testsWith('page/gnutls-serv', { ...chromium, ...gnutlsServPrograms })(
  'first-full-then-resumed',
  async (t) => {
    const { port, child } = await gnutlsServ.start(t, ...onlyForGnutls(version))
    const exchanges = await run(t, 'ask', port, testCa, gnutlsServ.request, 4)
    t.deepEqual(
      exchanges.map((one) => [one.version, one.resumed, gnutlsServ.answer.test(one.answer)]),
      [
        [version, false, true],
        [version, true, true],
        [version, true, true],
        [version, true, true],
      ],
    )
    t.deepEqual(await gnutlsServWords(child, 4), [false, true, true, true])
  },
)

define('wrong-trust-anchor-is-refused', async (t) => {
  const { port, received } = await echoServer(t)
  await t.throwsAsync(run(t, 'echo', port, otherCa, 1), { message: /TLS_BAD_CERTIFICATE/ })
  t.is(received.length, 0)
})

define('1-mib-both-ways', async (t) => {
  const { port, received } = await echoServer(t)
  const passages = await run(t, 'echo', port, testCa, MEBIBYTE)
  const bytes = Buffer.concat(received)
  const seen = { length: MEBIBYTE, digest: createHash('sha256').update(bytes).digest('hex') }
  t.deepEqual(passages, { sent: seen, received: seen })
  t.is(bytes.length, MEBIBYTE)
})

/** Runs a function in the page, through a relay of its own; what it throws begins with its code. */
async function run<Name extends keyof typeof Page>(
  scope: Scope,
  name: Name,
  targetPort: number,
  anchors: string,
  ...rest: unknown[]
): Promise<Results[Name]> {
  opened ??= bundle(entry).then(openPage)
  const { page } = await opened
  const relay = await startRelay({ targetPort, origins: [new URL(page.url()).origin] })
  scope.teardown(() => relay.close())
  const destination: Page.Destination = { relay: relay.url, hostname: 'localhost', anchors }
  return page.evaluate(
    async ({ module, name, parameters }) => {
      const functions = await import(module)
      return functions[name](...parameters).catch((error: { code: string; message: string }) => {
        // Of an error, only its message comes out of the page.
        throw new Error(`${error.code}: ${error.message}`)
      })
    },
    { module: MODULE, name, parameters: [destination, ...rest] },
  )
}

/** A server of Node's own, and what it received. */
async function echoServer(scope: Scope): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = []
  const options = {
    cert: forLocalhost.certificate,
    key: forLocalhost.privateKey,
    minVersion: version,
    maxVersion: version,
    ciphers: 'AES128-SHA:@SECLEVEL=0',
  } as const
  const server = createServer(options, (socket) => {
    // A page that refuses us is gone without a word more.
    socket.on('error', () => {})
    socket.on('data', (chunk) => received.push(chunk))
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  scope.teardown(() => {
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, received }
}

const entry = fileURLToPath(import.meta.resolve('#src/browser/page/page.js'))

const MEBIBYTE = 1_048_576
