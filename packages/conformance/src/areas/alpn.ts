import { equal, inBackground, sameList, throws } from '../assertions.js'
import type { Pair } from '../case-context.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'

const alpn = ({ client, server }: CaseSubject) => client.alpn && server.alpn

async function protocols(pair: Pair): Promise<void> {
  await pair.handshake()
  equal(pair.server.negotiatedProtocol, pair.client.negotiatedProtocol, "The server's protocol")
}

const cases: readonly ConformanceCase[] = [
  {
    title: 'agreed',
    source: 'RFC 7301 §3.2: the server chooses; GIO GTlsConnection:negotiated-protocol',
    requires: alpn,
    async run(context) {
      const pair = await context.pair({
        client: { advertisedProtocols: ['x-one', 'x-two'] },
        server: { advertisedProtocols: ['x-two', 'x-one'] },
      })
      let events = 0
      pair.client.addEventListener('change:negotiatedProtocol', () => events++)
      await protocols(pair)
      equal(pair.client.negotiatedProtocol, 'x-two', 'negotiatedProtocol')
      equal(events, 1, 'The number of change events')
      const [hello] = pair.streams.clientWire.sent.clientHellos
      sameList(hello?.protocols ?? [], ['x-one', 'x-two'], 'The protocols on the wire')
    },
  },
  {
    title: 'no-overlap-goes-on-without',
    source: 'GIO GTlsConnection:advertised-protocols: a mismatch does not fail the handshake',
    requires: alpn,
    async run(context) {
      const pair = await context.pair({
        client: { advertisedProtocols: ['x-one'] },
        server: { advertisedProtocols: ['x-two'] },
      })
      let events = 0
      pair.client.addEventListener('change:negotiatedProtocol', () => events++)
      await protocols(pair)
      equal(pair.client.negotiatedProtocol, null, 'negotiatedProtocol')
      equal(events, 0, 'The number of change events')
    },
  },
  {
    title: 'read-when-the-handshake-starts',
    source: 'GIO GTlsConnection:advertised-protocols',
    requires: alpn,
    async run(context) {
      const pair = await context.pair()
      for (const end of [pair.client, pair.server]) end.advertisedProtocols = ['x-one']
      const agreed = inBackground(protocols(pair))
      pair.client.advertisedProtocols = ['x-two']
      await agreed
      equal(pair.client.negotiatedProtocol, 'x-one', 'negotiatedProtocol')
      sameList(pair.client.advertisedProtocols ?? [], ['x-two'], 'The setting kept')
    },
  },
  {
    title: 'empty-list-is-none',
    source: 'GIO GTlsConnection:advertised-protocols: null or empty does not use ALPN',
    async run(context) {
      const none = { advertisedProtocols: [] }
      const pair = await context.pair({ client: none, server: none })
      await protocols(pair)
      equal(pair.client.negotiatedProtocol, null, 'negotiatedProtocol')
      const [hello] = pair.streams.clientWire.sent.clientHellos
      sameList(hello?.protocols ?? ['no hello'], [], 'The protocols on the wire')
    },
  },
  {
    title: 'kept-after-close',
    source: 'TlsConnection.negotiatedProtocol',
    requires: alpn,
    async run(context) {
      const one = { advertisedProtocols: ['x-one'] }
      const pair = await context.connect({ client: one, server: one })
      await pair.close()
      equal(pair.client.negotiatedProtocol, 'x-one', 'negotiatedProtocol')
    },
  },
  {
    title: 'client-alone',
    source: 'GIO GTlsConnection:negotiated-protocol: null if either side did not use ALPN',
    requires: alpn,
    async run(context) {
      const pair = await context.pair({ client: { advertisedProtocols: ['x-one'] } })
      await protocols(pair)
      equal(pair.client.negotiatedProtocol, null, 'negotiatedProtocol')
    },
  },
  {
    title: 'server-alone',
    source: 'GIO GTlsConnection:negotiated-protocol: null if either side did not use ALPN',
    requires: alpn,
    async run(context) {
      const pair = await context.pair({ server: { advertisedProtocols: ['x-one'] } })
      await protocols(pair)
      equal(pair.client.negotiatedProtocol, null, 'negotiatedProtocol')
    },
  },
  {
    title: 'refused-where-unsupported',
    source: 'TlsCapabilities.alpn: what a backend cannot do is refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => !client.alpn,
    async run(context) {
      const { client } = await context.streams()
      throws(
        () => context.clientOn(client, { client: { advertisedProtocols: ['x-one'] } }),
        { code: 'TLS_NOT_SUPPORTED' },
        'Asking for ALPN',
      )
    },
  },
]

/** Agreement on an application protocol. */
export const applicationProtocols: ConformanceArea = {
  name: 'alpn',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
