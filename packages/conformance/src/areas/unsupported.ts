import {
  type ServerConnectionOptions,
  TicketKeys,
  type TlsCapabilities,
  type TlsConnection,
} from '@tlsio/core'
import { equal, rejects, throws } from '../assertions.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forA } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import type { TappedStream } from '../wire/tap.js'

const notSupported = { code: 'TLS_NOT_SUPPORTED' }

/** A connection is refused where it is made, or by its handshake, and nothing is sent. */
async function refuses(
  make: () => TlsConnection,
  { sent }: TappedStream,
  what: string,
): Promise<void> {
  const attempt = async () => make().handshake()
  await deadline(rejects(attempt(), notSupported, what), what)
  equal(sent.bytes, 0, 'Bytes on the wire')
}

/**
 * An option of servers that the backend under examination does not have. It is made when the case runs:
 * workerd gives out no randomness while modules are loaded.
 */
function serverOption(
  title: string,
  source: string,
  has: (supports: TlsCapabilities) => boolean,
  options: () => ServerConnectionOptions,
): ConformanceCase {
  return {
    title: `server/${title}`,
    source: `${source}: refused, never ignored`,
    expects: 'refusal',
    requires: ({ client: supports }) => supports.server && !has(supports),
    async run(context) {
      const { server } = await context.streams()
      const make = () =>
        context.client.createServerConnection(server, {
          certificate: certificateOf(forA),
          requireCloseNotify: false,
          ...options(),
        })
      throws(make, notSupported, 'Making a server with it')
    },
  }
}

const cases: readonly ConformanceCase[] = [
  {
    title: 'client',
    source: 'TlsCapabilities.client: refused, never ignored',
    expects: 'refusal',
    requires: ({ client: supports }) => !supports.client,
    async run(context) {
      const { client, clientWire } = await context.streams()
      const make = () =>
        context.client.createClientConnection(client, {
          serverIdentity: { hostname: 'a.test' },
          requireCloseNotify: false,
        })
      await refuses(make, clientWire, 'A client')
    },
  },
  {
    title: 'server',
    source: 'TlsCapabilities.server: refused, never ignored',
    expects: 'refusal',
    requires: ({ client: supports }) => !supports.server,
    async run(context) {
      const { server, serverWire } = await context.streams()
      const make = () =>
        context.client.createServerConnection(server, {
          certificate: certificateOf(forA),
          requireCloseNotify: false,
        })
      await refuses(make, serverWire, 'A server')
    },
  },
  serverOption(
    'version',
    'TlsCapabilities.protocolVersions',
    ({ protocolVersions }) => protocolVersions.includes('SSLv3'),
    () => ({ minVersion: 'SSLv3' }),
  ),
  serverOption(
    'newer-version-than-any',
    'TlsCapabilities.protocolVersions',
    ({ protocolVersions }) => protocolVersions.includes('TLSv1.3'),
    () => ({ minVersion: 'TLSv1.3' }),
  ),
  serverOption(
    'alpn',
    'TlsCapabilities.alpn',
    ({ alpn }) => alpn,
    () => ({
      advertisedProtocols: ['x-one'],
    }),
  ),
  serverOption(
    'key-log',
    'TlsCapabilities.keyLog',
    ({ keyLog }) => keyLog,
    () => ({
      keyLog: () => {},
    }),
  ),
  serverOption(
    'ticket-keys',
    'TlsCapabilities.serverSessionResumption',
    ({ serverSessionResumption }) => serverSessionResumption,
    () => ({ ticketKeys: TicketKeys.generate() }),
  ),
]

/** What a backend that can do TLS says it cannot: a role, and options of its servers. */
export const unsupported: ConformanceArea = {
  name: 'unsupported',
  scope: 'backend',
  applies: (supports) => supports.client || supports.server,
  cases,
}
