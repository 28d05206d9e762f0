import { compareVersions, type TlsChannelBindingType, type TlsConnection } from '@tlsio/core'
import { hex } from '@tlsio/core/wire'
import { equal, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { Pair } from '../case-context.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import {
  type CertificateFixture,
  forA,
  forB,
  signedWithEd25519,
  signedWithPss,
  signedWithSha1,
} from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { ScriptedServer } from '../peers/scripted-server.js'
import { bothResume, copied } from '../resumption.js'

const gio = 'GIO g_tls_connection_get_channel_binding_data()'

/** Whether both ends give a type of binding, and the version spoken has it. */
function both(type: TlsChannelBindingType): (subject: CaseSubject) => boolean {
  return ({ client, server, version }) =>
    client.channelBindings.includes(type) &&
    server.channelBindings.includes(type) &&
    !(type === 'tls-unique' && version === 'TLSv1.3')
}

const acceptingAnybody = { acceptCertificate: () => true }

const exporter = ({ client, server }: CaseSubject): boolean =>
  client.keyingMaterialExport && server.keyingMaterialExport

/** Of the keys of a connection, what a client can be asked for while a scripted server knows it. */
const onlyTls13 = ({ version }: CaseSubject): boolean => version === 'TLSv1.3'

/** What TLS 1.3 encrypts with: who watches the wire needs each of them. */
const trafficSecrets = [
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
]

/** The binding as both ends see it: one that only one end made up would differ. */
async function bindingOf(pair: Pair, type: TlsChannelBindingType): Promise<string> {
  const client = hex(await pair.client.getChannelBindingData(type))
  equal(
    hex(await pair.server.getChannelBindingData(type)),
    client,
    `What the server has for ${type}`,
  )
  ok(client.length > 0, `${type} is not empty`)
  return client
}

const types: readonly TlsChannelBindingType[] = [
  'tls-unique',
  'tls-server-end-point',
  'tls-exporter',
]

const ofEachType: readonly ConformanceCase[] = types.flatMap((type) => [
  {
    // porsager/postgres#1008, brianc/node-postgres#3356, oven-sh/bun#33517, oven-sh/bun#41703
    title: `${type}/equal-at-both-ends`,
    source: `${gio}; RFC 5929, RFC 9266`,
    requires: both(type),
    async run(context) {
      const one = await bindingOf(await context.connect(), type)
      const other = await bindingOf(
        await context.connect({ client: { sessionResumption: 'off' } }),
        type,
      )
      const isOfTheServer = type === 'tls-server-end-point'
      equal(one === other, isOfTheServer, 'Whether two connections have the same one')
    },
  },
  {
    title: `${type}/equal-on-a-resumed-connection`,
    source: `${gio}; RFC 5929 §3.1: a resumed handshake's first Finished is the server's`,
    requires: (subject) => both(type)(subject) && bothResume(subject),
    async run(context) {
      const control = await context.connect()
      const pair = await copied(context, control.client)
      equal(pair.server.isSessionResumed, true, 'Whether the server resumed')
      await bindingOf(pair, type)
    },
  },
  {
    title: `${type}/not-before-the-handshake-nor-after-close`,
    source: 'GIO GTlsChannelBindingError: INVALID_STATE',
    async run(context) {
      const expected = { code: 'CHANNEL_BINDING_INVALID_STATE' }
      const pair = await context.pair()
      await rejects(pair.client.getChannelBindingData(type), expected, 'Before the handshake')
      await pair.handshake()
      await pair.close()
      await rejects(pair.client.getChannelBindingData(type), expected, 'After close')
    },
  },
  {
    title: `${type}/not-during-the-handshake-nor-after-it-failed`,
    source: 'GIO GTlsChannelBindingError: INVALID_STATE',
    async run(context) {
      const expected = { code: 'CHANNEL_BINDING_INVALID_STATE' }
      const acceptCertificate = async () => {
        await rejects(pair.client.getChannelBindingData(type), expected, 'During the handshake')
        return false
      }
      const pair = await context.pair({ certificate: forB, client: { acceptCertificate } })
      const { client: error } = await pair.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      await rejects(pair.client.getChannelBindingData(type), expected, 'After it failed')
    },
  },
  {
    title: `${type}/on-a-half-closed-connection`,
    source: gio,
    requires: (subject) =>
      both(type)(subject) && subject.client.halfClose && subject.server.halfClose,
    async run(context) {
      const pair = await context.connect()
      const open = await bindingOf(pair, type)
      await deadline(pair.client.closeWrite(), 'closeWrite')
      equal(await bindingOf(pair, type), open, 'What it is after closeWrite')
    },
  },
  {
    title: `${type}/refused-where-it-is-not-claimed`,
    source: 'GIO GTlsChannelBindingError: NOT_IMPLEMENTED',
    expects: 'refusal',
    requires: ({ client }) => !client.channelBindings.includes(type),
    async run(context) {
      const { client } = await context.connect()
      equal(client.supportsChannelBinding(type), false, 'supportsChannelBinding')
      const expected = { code: 'CHANNEL_BINDING_NOT_IMPLEMENTED' }
      await rejects(client.getChannelBindingData(type), expected, type)
    },
  },
])

/** What a certificate was signed with, and the hash that stands for it. */
const endPoints: readonly [title: string, certificate: CertificateFixture, hash: string][] = [
  ['sha-256', forA, 'SHA-256'],
  ['sha-1-is-replaced', signedWithSha1, 'SHA-256'],
  ['rsassa-pss', signedWithPss, 'SHA-384'],
]

const hashesOfTheServerCertificate: readonly ConformanceCase[] = [
  ...endPoints.map(
    ([title, certificate, hash]): ConformanceCase => ({
      title: `tls-server-end-point/hash/${title}`,
      source: 'RFC 5929 §4.1: the hash of the signature on the server certificate',
      requires: both('tls-server-end-point'),
      async run(context) {
        const pair = await context.connect({ certificate, client: acceptingAnybody })
        const der = new Uint8Array(certificateOf(certificate).der)
        const expected = hex(new Uint8Array(await crypto.subtle.digest(hash, der)))
        equal(await bindingOf(pair, 'tls-server-end-point'), expected, 'tls-server-end-point')
      },
    }),
  ),
  {
    title: 'tls-server-end-point/hash/none-with-ed25519',
    source:
      'GIO GTlsChannelBindingError: NOT_SUPPORTED; RFC 8032: no hash apart from the signature',
    // Before TLS 1.2 a certificate is signed with the algorithm of its key (RFC 4346 §7.4.2).
    requires: (subject) =>
      both('tls-server-end-point')(subject) && compareVersions(subject.version, 'TLSv1.2') >= 0,
    async run(context) {
      const certificate = signedWithEd25519
      const pair = await context.connect({ certificate, client: acceptingAnybody })
      const expected = { code: 'CHANNEL_BINDING_NOT_SUPPORTED' }
      for (const end of [pair.client, pair.server]) {
        equal(end.supportsChannelBinding('tls-server-end-point'), true, 'supportsChannelBinding')
        await rejects(end.getChannelBindingData('tls-server-end-point'), expected, 'The binding')
      }
    },
  },
]

const cases: readonly ConformanceCase[] = [
  ...ofEachType,
  ...hashesOfTheServerCertificate,
  {
    title: 'tls-exporter/exported-with-its-label',
    source: 'RFC 9266 §2: EXPORTER-Channel-Binding, an empty context, 32 bytes',
    requires: (subject) => both('tls-exporter')(subject) && exporter(subject),
    async run(context) {
      const pair = await context.connect()
      const { client } = pair
      const nothing = new Uint8Array(0)
      // Both ends may be of one mind and wrong, so it is exported by itself, too.
      const exported = client.exportKeyingMaterial('EXPORTER-Channel-Binding', 32, nothing)
      equal(await bindingOf(pair, 'tls-exporter'), hex(exported), 'tls-exporter')
    },
  },
  {
    // Two ends of one backend may be wrong together: nodejs/node#44118, openssl/openssl#18893.
    title: 'tls-exporter/equal-to-an-independent-server',
    source: 'RFC 9266 §2; RFC 8446 §7.5',
    requires: (subject) =>
      onlyTls13(subject) && subject.client.channelBindings.includes('tls-exporter'),
    async run(context) {
      const server = new ScriptedServer()
      const { client } = await context.connect({ serverBackend: server })
      const known = await server.handshakes[0]?.exportKeyingMaterial('EXPORTER-Channel-Binding', 32)
      const binding = hex(await client.getChannelBindingData('tls-exporter'))
      equal(binding, hex(known ?? new Uint8Array()), 'tls-exporter')
    },
  },
  {
    title: 'tls-unique/not-with-tls13',
    source: 'RFC 8446 Appendix C.5: tls-unique is not defined for TLS 1.3',
    requires: ({ client, version }) =>
      version === 'TLSv1.3' && client.channelBindings.includes('tls-unique'),
    async run(context) {
      const { client } = await context.connect()
      equal(client.supportsChannelBinding('tls-unique'), true, 'supportsChannelBinding')
      const expected = { code: 'CHANNEL_BINDING_GENERAL_ERROR' }
      await rejects(client.getChannelBindingData('tls-unique'), expected, 'tls-unique')
    },
  },
  {
    // nodejs/node#31802: not all engines export; a made-up value would differ.
    title: 'exporter/equal-at-both-ends',
    source: 'RFC 5705 §4; RFC 8446 §7.5',
    requires: exporter,
    async run(context) {
      const { client, server } = await context.connect()
      const label = 'EXPERIMENTAL tlsio'
      const contexts = [undefined, bytesOf('one'), bytesOf('two')]
      const made = contexts.map((one) => {
        const material = hex(client.exportKeyingMaterial(label, 48, one))
        equal(hex(server.exportKeyingMaterial(label, 48, one)), material, 'What the server exports')
        equal(material.length, 96, 'Its length in hexadecimal digits')
        return material
      })
      equal(new Set(made).size, contexts.length, 'How many contexts make different material')
      const other = hex(client.exportKeyingMaterial('EXPERIMENTAL other', 48))
      equal(made.includes(other), false, 'Whether another label makes the same')
    },
  },
  {
    title: 'exporter/equal-on-a-resumed-connection',
    source: 'RFC 8446 §7.5; RFC 5705 §4: of the connection, whatever session it is of',
    requires: (subject) => exporter(subject) && bothResume(subject),
    async run(context) {
      const of = (end: TlsConnection) =>
        hex(end.exportKeyingMaterial('EXPERIMENTAL tlsio', 32, bytesOf('context')))
      const control = await context.connect()
      const { client, server } = await copied(context, control.client)
      equal(server.isSessionResumed, true, 'Whether the server resumed')
      const material = of(client)
      equal(of(server), material, 'What the server exports')
      equal(of(control.client) === material, false, 'Whether the first connection exports the same')
    },
  },
  {
    title: 'exporter/equal-to-an-independent-server',
    source: 'RFC 8446 §7.5',
    requires: (subject) => onlyTls13(subject) && subject.client.keyingMaterialExport,
    async run(context) {
      const backend = new ScriptedServer()
      for (const isResumed of [false, context.client.supports.sessionResumption]) {
        const { client } = await context.connect({ serverBackend: backend })
        equal(client.isSessionResumed, isResumed, 'Whether the client resumed')
        const witness = backend.handshakes.at(-1)
        for (const of of [undefined, new Uint8Array(0), bytesOf('context')]) {
          for (const length of [16, 32, 100]) {
            const material = hex(client.exportKeyingMaterial('EXPERIMENTAL tlsio', length, of))
            const known = await witness?.exportKeyingMaterial('EXPERIMENTAL tlsio', length, of)
            equal(material, hex(known ?? new Uint8Array()), `Keying material of ${length} bytes`)
          }
        }
      }
    },
  },
  {
    title: 'exporter/only-while-open',
    source: 'RFC 5705 §4: needs the master secret; TlsConnection.exportKeyingMaterial()',
    requires: exporter,
    async run(context) {
      const pair = await context.pair()
      const make = (length: number) => () =>
        pair.client.exportKeyingMaterial('EXPERIMENTAL', length)
      throws(make(32), { code: 'TLS_MISC' }, 'Before the handshake')
      await pair.handshake()
      for (const length of [0, -1, 1.5, 65_536]) {
        throws(make(length), { name: 'RangeError' }, `A length of ${length}`)
      }
      await pair.close()
      throws(make(32), { code: 'IO_CLOSED' }, 'After close')
    },
  },
  {
    title: 'exporter/refused-where-it-is-not-claimed',
    source: 'TlsCapabilities.keyingMaterialExport: refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => !client.keyingMaterialExport,
    async run(context) {
      const { client } = await context.connect()
      const make = () => client.exportKeyingMaterial('EXPERIMENTAL tlsio', 32)
      throws(make, { code: 'TLS_NOT_SUPPORTED' }, 'Asking for keying material')
    },
  },
  {
    title: 'key-log/refused-where-it-is-not-claimed',
    source: 'TlsCapabilities.keyLog: refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => !client.keyLog,
    async run(context) {
      const { client } = await context.streams()
      throws(
        () => context.clientOn(client, { client: { keyLog: () => {} } }),
        { code: 'TLS_NOT_SUPPORTED' },
        'Asking for a key log',
      )
    },
  },
  {
    title: 'key-log/names-the-client-random',
    source: 'NSS key log format; TLS 1.3: CLIENT_TRAFFIC_SECRET_0, up to 1.2: CLIENT_RANDOM',
    requires: ({ client }) => client.keyLog,
    async run(context) {
      const lines: string[] = []
      const pair = await context.connect({ client: { keyLog: (line) => lines.push(line) } })
      const label = context.version === 'TLSv1.3' ? 'CLIENT_TRAFFIC_SECRET_0' : 'CLIENT_RANDOM'
      const random = hex(pair.streams.clientWire.sent.clientHellos[0]?.random ?? new Uint8Array())
      const found = lines.filter((line) => line.startsWith(`${label} ${random} `))
      equal(found.length, 1, `How many lines begin with ${label} and the random on the wire`)
      ok(
        // Lines with the label RSA name the connection by the first bytes of an encrypted secret.
        lines.every((line) =>
          /^(RSA [0-9a-f]{16}|[A-Z0-9_]+ [0-9a-f]{64}) [0-9a-f]{64,}$/.test(line),
        ),
        'each line is a label, the client random and a secret, in hexadecimal',
      )
    },
  },
  {
    title: 'key-log/secrets-of-an-independent-server',
    source: 'NSS key log format; RFC 8446 §7.1',
    requires: (subject) => onlyTls13(subject) && subject.client.keyLog,
    async run(context) {
      const [told, known]: [string[], string[]] = [[], []]
      await context.connect({
        serverBackend: new ScriptedServer(),
        client: { keyLog: (line) => told.push(line) },
        server: { keyLog: (line) => known.push(line) },
      })
      const lines = (all: readonly string[], label: string) =>
        all.filter((line) => line.startsWith(`${label} `))
      for (const label of trafficSecrets) {
        sameList(lines(told, label), lines(known, label), `What the log has as ${label}`)
      }
      // Nothing is decrypted with that one, and not all libraries tell it.
      const exported = lines(told, 'EXPORTER_SECRET')
      if (exported.length === 0) return
      sameList(exported, lines(known, 'EXPORTER_SECRET'), 'What the log has as EXPORTER_SECRET')
    },
  },
]

/** Bindings of the connection, exported keying material, and the key log. */
export const channelBinding: ConformanceArea = {
  name: 'channel-binding',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
