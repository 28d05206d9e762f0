import { equal } from '../assertions.js'
import type { CaseContext, PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'

/** The server name on the wire, for a client that accepts whatever it is shown. */
async function serverNameSent(
  context: CaseContext,
  client: PairOptions['client'],
): Promise<string | undefined> {
  const pair = await context.pair({ client: { ...client, acceptCertificate: () => true } })
  await pair.handshake()
  const { clientHellos } = pair.streams.clientWire.sent
  equal(clientHellos.length > 0, true, 'A ClientHello on the wire')
  equal(pair.server.serverName, clientHellos[0]?.serverName ?? null, "The server's serverName")
  return clientHellos[0]?.serverName
}

const cases: readonly ConformanceCase[] = [
  {
    title: 'sent-for-a-host-name',
    source: 'RFC 6066 §3; GIO GTlsClientConnection:server-identity',
    async run(context) {
      const name = await serverNameSent(context, { serverIdentity: { hostname: 'A.Test' } })
      equal(name, 'a.test', 'The server name')
    },
  },
  {
    title: 'without-trailing-dot',
    source: 'RFC 6066 §3: without a trailing dot',
    async run(context) {
      const name = await serverNameSent(context, { serverIdentity: { hostname: 'a.test.' } })
      equal(name, 'a.test', 'The server name')
    },
  },
  {
    title: 'in-a-labels',
    source: 'RFC 6066 §3: ASCII encoding, A-labels',
    async run(context) {
      const name = await serverNameSent(context, { serverIdentity: { hostname: 'bücher.test' } })
      equal(name, 'xn--bcher-kva.test', 'The server name')
    },
  },
  {
    title: 'none-for-an-address',
    source: 'RFC 6066 §3: literal addresses are not permitted',
    async run(context) {
      const named = await serverNameSent(context, { serverIdentity: { hostname: '127.0.0.1' } })
      equal(named, undefined, 'The server name for a literal')
      const bare = await serverNameSent(context, { serverIdentity: { address: '::1' } })
      equal(bare, undefined, 'The server name for an address')
    },
  },
  {
    title: 'none-without-identity',
    source: 'GIO GTlsClientConnection:server-identity: null',
    async run(context) {
      const name = await serverNameSent(context, { serverIdentity: null })
      equal(name, undefined, 'The server name')
    },
  },
]

/** Which name a client sends, with the wire as witness. */
export const serverName: ConformanceArea = {
  name: 'server-name',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
