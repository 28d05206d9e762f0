import { TlsDatabase } from '@tlsio/core'
import { sameList } from '../assertions.js'
import type { PairOptions } from '../case-context.js'
import type { CaseSubject, ConformanceCase } from '../conformance-case.js'
import {
  client,
  forAAndB,
  forLocalhost,
  otherCa,
  otherClient,
  testCa,
} from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { bothResume, connectOnce, resumed } from '../resumption.js'

const keys = 'TlsClientConnection.sessionResumption: what differs does not share sessions'

/** Connections made with `first` leave sessions that those made with `second` must not offer. */
function separate(
  title: string,
  first: PairOptions,
  second: PairOptions,
  requires: (subject: CaseSubject) => boolean = bothResume,
): ConformanceCase {
  return {
    title: `separate/${title}`,
    source: keys,
    requires,
    async run(context) {
      await connectOnce(context, first)
      const other = await connectOnce(context, second)
      sameList(other.offered(), [], 'What the different one offers')
      resumed(other, false)
      resumed(await connectOnce(context, first), true)
    },
  }
}

const onName = (hostname: string, port = 990): PairOptions => ({
  client: { serverIdentity: { hostname, port } },
  certificate: forAAndB,
})

/** What tells sessions in the store apart: part of the area `session-resumption`. */
export const separateSessions: readonly ConformanceCase[] = [
  separate('name', onName('a.test'), onName('b.test')),
  separate(
    'name-and-address',
    { certificate: forLocalhost, client: { serverIdentity: { hostname: 'localhost', port: 990 } } },
    { certificate: forLocalhost, client: { serverIdentity: { address: '127.0.0.1', port: 990 } } },
  ),
  separate('port', onName('a.test', 990), onName('a.test', 21)),
  separate('port-and-none', onName('a.test'), {
    client: { serverIdentity: { hostname: 'a.test' } },
    certificate: forAAndB,
  }),
  separate('trust', {}, { client: { database: TlsDatabase.fromPem(testCa + otherCa) } }),
  separate(
    'client-certificate',
    { client: { certificate: certificateOf(client) } },
    {},
    (subject) => bothResume(subject) && subject.client.clientCertificates,
  ),
  separate(
    'other-client-certificate',
    { client: { certificate: certificateOf(client) } },
    { client: { certificate: certificateOf(otherClient) } },
    (subject) => bothResume(subject) && subject.client.clientCertificates,
  ),
  separate(
    'protocols',
    { client: { advertisedProtocols: ['x-one'] } },
    { client: { advertisedProtocols: ['x-two'] } },
    (subject) => bothResume(subject) && subject.client.alpn,
  ),
  separate(
    'versions',
    {},
    { client: { minVersion: undefined, maxVersion: undefined } },
    (subject) => bothResume(subject) && subject.client.protocolVersions.length > 1,
  ),
  {
    title: 'separate/client-certificate-set-late',
    source: 'GIO glib-networking since 2017: the key is computed when the handshake starts',
    requires: (subject) => bothResume(subject) && subject.client.clientCertificates,
    async run(context) {
      await connectOnce(context)
      const pair = await context.pair()
      pair.client.certificate = certificateOf(client)
      await pair.handshake()
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  {
    title: 'separate/set-late',
    source: 'GIO glib-networking since 2017: the key is computed when the handshake starts',
    requires: bothResume,
    async run(context) {
      await connectOnce(context, onName('a.test'))
      const pair = await context.pair(onName('a.test'))
      pair.client.serverIdentity = { hostname: 'b.test', port: 990 }
      await pair.handshake()
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  {
    title: 'same-name-in-other-spelling',
    source: 'RFC 4343: names are compared without case',
    requires: bothResume,
    async run(context) {
      await connectOnce(context, onName('a.test'))
      resumed(await connectOnce(context, onName('A.TEST.')), true)
    },
  },
]
