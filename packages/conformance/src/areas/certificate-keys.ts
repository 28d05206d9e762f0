import { type CertificateKeyType, compareVersions } from '@tlsio/core'
import { inBackground, ok, rejects } from '../assertions.js'
import { asking, bothAuthenticate } from '../authentication.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import {
  type CertificateFixture,
  withEcKey,
  withEd25519Key,
  withPssKey,
} from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

const source = 'TlsCapabilities.certificateKeys'

/** Those that not every engine has; all other cases use RSA. */
const keys: readonly {
  readonly type: CertificateKeyType
  readonly fixture: CertificateFixture
  /** Older versions have no signatures for it. */
  readonly since: 'TLSv1' | 'TLSv1.2'
}[] = [
  { type: 'EC', fixture: withEcKey, since: 'TLSv1' },
  { type: 'Ed25519', fixture: withEd25519Key, since: 'TLSv1.2' },
  { type: 'RSA-PSS', fixture: withPssKey, since: 'TLSv1.2' },
]

const cases: readonly ConformanceCase[] = keys.flatMap(({ type, fixture, since }) => {
  const bothHave = ({ client, server, version }: CaseSubject) =>
    compareVersions(version, since) >= 0 &&
    [client, server].every(({ certificateKeys }) => certificateKeys.includes(type))
  const name = type.toLowerCase()
  return [
    {
      title: `server/${name}`,
      source: `${source}: what is named works`,
      requires: bothHave,
      async run(context) {
        const { client } = await context.connect({ certificate: fixture })
        ok(client.peerCertificate?.isSame(certificateOf(fixture)) === true, 'it arrives')
      },
    },
    {
      title: `client/${name}`,
      source: `${source}: what is named works`,
      requires: (subject) => bothHave(subject) && bothAuthenticate(subject),
      async run(context) {
        const certificate = certificateOf(fixture)
        const { server } = await context.connect(asking('required', { client: { certificate } }))
        ok(server.peerCertificate?.isSame(certificate) === true, 'it arrives')
      },
    },
    {
      title: `server/${name}-refused-where-unsupported`,
      source: `${source}: others are refused, never ignored`,
      requires: ({ server }) => server.server && !server.certificateKeys.includes(type),
      expects: 'refusal',
      async run(context) {
        const pair = await context.pair({ certificate: fixture })
        void inBackground(pair.client.handshake())
        const refused = rejects(
          pair.server.handshake(),
          { code: 'TLS_NOT_SUPPORTED' },
          'Its server',
        )
        await deadline(refused, 'The refusal')
      },
    },
    {
      title: `client/${name}-refused-where-unsupported`,
      source: `${source}: others are refused, never ignored`,
      requires: ({ client }) => client.clientCertificates && !client.certificateKeys.includes(type),
      expects: 'refusal',
      async run(context) {
        const certificate = certificateOf(fixture)
        const { client } = await context.pair({ client: { certificate } })
        await deadline(
          rejects(client.handshake(), { code: 'TLS_NOT_SUPPORTED' }, 'Its client'),
          'The refusal',
        )
      },
    },
  ] satisfies ConformanceCase[]
})

/** Certificates of our own by the kind of their key. */
export const certificateKeys: ConformanceArea = {
  name: 'certificate-keys',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
