import { type CertificateKeyType, compareVersions, TlsCertificate } from '@tlsio/core'
import { inBackground, ok, rejects } from '../assertions.js'
import { asking, bothAuthenticate } from '../authentication.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import {
  type CertificateFixture,
  client as clientFixture,
  forA,
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

const tokens = 'TlsCapabilities.pkcs11'

/** A certificate whose key is in a token that nobody has. */
function inToken({ certificate }: CertificateFixture): TlsCertificate {
  const { der } = TlsCertificate.fromPem(certificate)
  const privateKeyPkcs11Uri = 'pkcs11:token=nowhere;serial=0;object=a?pin-value=1234'
  return TlsCertificate.fromDerChain([der], { privateKeyPkcs11Uri })
}

/** The handshake fails, and its error does not show the PIN. */
async function refusesKey(handshake: Promise<void>, code: string, what: string): Promise<void> {
  const error = await deadline(rejects(handshake, { code }, what), 'The refusal')
  ok(!String(error).includes('1234'), 'the error does not show the PIN')
}

const tokenCases: readonly ConformanceCase[] = [
  {
    title: 'server/in-a-token-refused-where-unsupported',
    source: `${tokens}: refused, never ignored`,
    requires: ({ server }) => server.server && !server.pkcs11,
    expects: 'refusal',
    async run(context) {
      const { client, server } = await context.pair({ server: { certificate: inToken(forA) } })
      void inBackground(client.handshake())
      await refusesKey(server.handshake(), 'TLS_NOT_SUPPORTED', 'Its server')
    },
  },
  {
    title: 'client/in-a-token-refused-where-unsupported',
    source: `${tokens}: refused, never ignored`,
    requires: ({ client }) => client.clientCertificates && !client.pkcs11,
    expects: 'refusal',
    async run(context) {
      const certificate = inToken(clientFixture)
      const { client } = await context.pair({ client: { certificate } })
      await refusesKey(client.handshake(), 'TLS_NOT_SUPPORTED', 'Its client')
    },
  },
  {
    title: 'server/in-a-token-that-is-missing',
    source: `${tokens}: what is claimed is looked for`,
    requires: ({ server }) => server.pkcs11,
    async run(context) {
      const { client, server } = await context.pair({ server: { certificate: inToken(forA) } })
      void inBackground(client.handshake())
      await refusesKey(server.handshake(), 'TLS_BAD_CERTIFICATE', 'Its server')
    },
  },
  {
    title: 'client/in-a-token-that-is-missing',
    source: `${tokens}: what is claimed is looked for`,
    requires: (subject) => subject.client.pkcs11 && bothAuthenticate(subject),
    async run(context) {
      const certificate = inToken(clientFixture)
      const { client, server } = await context.pair(asking('required', { client: { certificate } }))
      void inBackground(server.handshake())
      await refusesKey(client.handshake(), 'TLS_BAD_CERTIFICATE', 'Its client')
    },
  },
]

/** Certificates of our own by the kind of their key, and where that is. */
export const certificateKeys: ConformanceArea = {
  name: 'certificate-keys',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...cases, ...tokenCases],
}
