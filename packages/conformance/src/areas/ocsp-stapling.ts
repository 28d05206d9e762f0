import { ExtensionType } from '@tlsio/core/wire'
import { equal, sameList, throws } from '../assertions.js'
import type { Pair } from '../case-context.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'

const stapling = ({ client }: CaseSubject): boolean => client.ocspStapling

/** The content of the extension on the wire that asks for a staple; `undefined` without it. */
function request(pair: Pair): Uint8Array | undefined {
  const [hello] = pair.streams.clientWire.sent.clientHellos
  equal(hello === undefined, false, 'Whether there is no ClientHello')
  return hello?.extensions.find(({ type }) => type === ExtensionType.STATUS_REQUEST)?.data
}

const cases: readonly ConformanceCase[] = [
  {
    title: 'asked-for-on-the-wire',
    source: 'RFC 6066 §8: status_type ocsp, no responders and no extensions; RFC 8446 §4.4.2.1',
    requires: stapling,
    async run(context) {
      const pair = await context.connect({ client: { requestOcspStaple: true } })
      sameList([...(request(pair) ?? [])], [1, 0, 0, 0, 0], 'The request')
    },
  },
  {
    title: 'read-when-the-handshake-starts',
    source: 'TlsClientConnection.requestOcspStaple',
    requires: stapling,
    async run(context) {
      const pair = await context.pair()
      equal(pair.client.requestOcspStaple, false, 'requestOcspStaple by default')
      pair.client.requestOcspStaple = true
      await pair.handshake()
      equal(request(pair)?.[0], 1, 'What is asked for')
    },
  },
  {
    title: 'not-asked-for-by-default',
    source: 'TlsClientConnection.requestOcspStaple: false by default',
    async run(context) {
      const pair = await context.connect()
      equal(request(pair), undefined, 'The request')
      equal(pair.client.ocspStaple, null, 'ocspStaple')
    },
  },
  {
    title: 'server-without-one',
    source: 'RFC 6066 §8: a server may choose not to send one',
    requires: stapling,
    async run(context) {
      const pair = await context.pair({ client: { requestOcspStaple: true } })
      equal(pair.client.ocspStaple, null, 'ocspStaple before the handshake')
      await pair.handshake()
      await pair.settle()
      equal(pair.client.ocspStaple, null, 'ocspStaple')
    },
  },
  {
    title: 'refused-where-unsupported',
    source: 'TlsCapabilities.ocspStapling: refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => !client.ocspStapling,
    async run(context) {
      const { client } = await context.streams()
      const refused = { code: 'TLS_NOT_SUPPORTED' }
      const options = { client: { requestOcspStaple: true } }
      throws(() => context.clientOn(client, options), refused, 'Asking for a staple at once')
      const connection = context.clientOn(client)
      const ask = () => {
        connection.requestOcspStaple = true
      }
      throws(ask, refused, 'Asking for a staple later')
      equal(connection.ocspStaple, null, 'ocspStaple')
    },
  },
]

/**
 * Asking for an OCSP staple. That one arrives is shown by the tests of backends: a server of ours
 * never sends one.
 */
export const ocspStapling: ConformanceArea = {
  name: 'ocsp-stapling',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
