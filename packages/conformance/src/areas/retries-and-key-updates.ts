import { hex } from '@tlsio/core/wire'
import { equal, ok, sameList } from '../assertions.js'
import { pattern, readExactly } from '../bytes.js'
import type { Pair } from '../case-context.js'
import type { CaseSubject, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { ScriptedServer } from '../peers/scripted-server.js'
import { connectOnce, resumed, resumesByTicket } from '../resumption.js'

const retry = 'RFC 8446 §4.1.4: HelloRetryRequest'
const update = 'RFC 8446 §4.6.3: KeyUpdate'

/** A few records: more updates than some libraries take in a second would come with a mebibyte. */
const someRecords = 100_000

const onlyTls13 = ({ version }: CaseSubject): boolean => version === 'TLSv1.3'

/** The client has said hello twice, as it was asked to. */
function saidHelloTwice({ streams: { clientWire } }: Pair): void {
  const answers = clientWire.received.serverHellos.map(({ isRetryRequest }) => isRetryRequest)
  sameList(answers, [true, false], 'Which of the ServerHellos are a HelloRetryRequest')
  const [first, second, ...more] = clientWire.sent.clientHellos
  equal(more.length, 0, 'How many ClientHellos follow the second')
  ok(first !== undefined && second !== undefined, 'there are two ClientHellos')
  equal(hex(second.random), hex(first.random), 'The random of the second ClientHello')
  equal(hex(second.sessionId), hex(first.sessionId), 'The session ID of the second ClientHello')
}

/** The server writes first, so that the client knows of its new keys when it writes. */
async function exchange({ client, server }: Pair, length: number): Promise<void> {
  const data = pattern(length)
  for (const [from, to, who] of [
    [server, client, 'client'],
    [client, server, 'server'],
  ] as const) {
    const moved = Promise.all([readExactly(to, length), from.write(data)])
    sameList((await deadline(moved, 'Data one way'))[0], data, `What the ${who} reads`)
  }
}

/** What a server may ask of a client of TLS 1.3: part of the area `handshake`. */
export const retriesAndKeyUpdates: readonly ConformanceCase[] = [
  // cloudflare/tls-tris#40, bifurcation/mint#8: the first flight is no good, and the client has no other.
  {
    title: 'hello-retry-request/answered',
    source: retry,
    requires: onlyTls13,
    async run(context) {
      const serverBackend = new ScriptedServer({ retry: true })
      const pair = await context.connect({ serverBackend })
      saidHelloTwice(pair)
      equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
      equal(pair.client.isSessionResumed, false, 'isSessionResumed')
    },
  },
  {
    title: 'hello-retry-request/with-a-ticket',
    source: `${retry}; §4.2.11: binders are computed anew`,
    requires: resumesByTicket,
    async run(context) {
      const serverBackend = new ScriptedServer({ retry: true })
      await connectOnce(context, { serverBackend })
      const pair = await context.connect({ serverBackend })
      saidHelloTwice(pair)
      resumed(pair, true)
    },
  },
  // haskell-tls/hs-tls#311, Mbed-TLS/mbedtls#10881: the connection ends with it.
  {
    title: 'key-update/of-the-server',
    source: update,
    requires: onlyTls13,
    async run(context) {
      const serverBackend = new ScriptedServer({ keyUpdate: 'update_not_requested' })
      const pair = await context.connect({ serverBackend })
      for (const length of [1, someRecords]) await exchange(pair, length)
      await pair.close()
    },
  },
  // ziglang/zig#22508, axoflow/axosyslog#604: the server waits for an answer.
  {
    title: 'key-update/of-both',
    source: `${update}; who is asked for one sends it before any other data`,
    requires: onlyTls13,
    async run(context) {
      const serverBackend = new ScriptedServer({ keyUpdate: 'update_requested' })
      const pair = await context.connect({ serverBackend })
      const updates = () => serverBackend.handshakes[0]?.keyUpdates ?? []
      for (const length of [1, 1, someRecords]) {
        const before = updates().length
        await exchange(pair, length)
        ok(updates().length > before, 'the client has answered with a KeyUpdate of its own')
      }
      ok(!updates().includes('update_requested'), 'no answer asks for another one')
      await pair.close()
    },
  },
]
