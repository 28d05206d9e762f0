import {
  describeCertificateFlags,
  type PeerVerification,
  TlsCertificateFlags,
  TlsDatabase,
} from '@tlsio/core'
import { ConformanceFailure, equal, ok } from '../assertions.js'
import { asking, bothAuthenticate } from '../authentication.js'
import type { Pair } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { chainCa, chainKey, chains, type TestChains } from '../fixtures/chains.js'
import * as pairs from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

const source = 'RFC 5280 §6.1: the engine and core judge a chain alike'

/** What both must say, or why core alone is against it. */
type Agreement = 'accepted' | 'rejected' | { readonly stricter: string }

/** Engines that leave out what RFC 5280 demands of the form of certificates. */
const form = (demand: string): Agreement => ({ stricter: `RFC 5280 ${demand}` })

/** Chains that end at {@link chainCa}, and what is to be made of each. */
const agreements: Readonly<Record<keyof TestChains, Agreement>> = {
  straight: 'accepted',
  threeLinks: 'accepted',
  unordered: 'accepted',
  withStrangers: 'accepted',
  crossSigned: 'accepted',
  withinPathLength: 'accepted',
  withinNames: 'accepted',
  authorityAsServer: 'accepted',
  linkForServers: 'accepted',
  authorityNotForHandshakes: 'rejected',
  pathTooLong: 'rejected',
  leafAsIssuer: 'rejected',
  linkForNothing: 'rejected',
  otherNamesPermitted: 'rejected',
  nameExcluded: 'rejected',
  linkForClients: 'rejected',
  leafForCode: 'rejected',
  leafUnknownExtension: 'rejected',
  linkUnknownExtension: 'rejected',
  linkExpired: 'rejected',
  linkNotYetValid: 'rejected',
  leafExpired: 'rejected',
  linkMissing: 'rejected',
  fromElsewhere: 'rejected',
  leafWithoutKeyIdentifier: form('§4.2.1.1: it must identify the key that signed it'),
  linkWithoutKeyIdentifiers: form('§4.2.1.2: a CA must identify its key'),
  linkNotCritical: form('§4.2.1.9: the basic constraints of a CA must be critical'),
  namesNotCritical: form('§4.2.1.10: name constraints must be critical'),
  serialNumberZero: form('§4.1.2.2: serial numbers are positive'),
  policyDemanded: form('§6.1.5 (g): who demands a policy and gets none must be refused'),
}

/** Whatever a server shows in the other areas; nothing is wrong with those that are not named below. */
const servers: readonly (readonly [name: string, fixture: pairs.CertificateFixture])[] =
  Object.entries(pairs).filter(
    (entry): entry is [string, pairs.CertificateFixture] => typeof entry[1] === 'object',
  )

const rejectedServers: ReadonlySet<pairs.CertificateFixture> = new Set([
  pairs.forgedExpired,
  pairs.forgedExpiredWithRealCa,
  pairs.intermediateMissing,
  pairs.expired,
  pairs.notYetValid,
  pairs.selfSigned,
  pairs.fromOtherCa,
  pairs.forClientsOnly,
  pairs.client,
  pairs.otherClient,
  pairs.clientByIntermediate,
  pairs.signedWithSha1,
  pairs.signedWithPss,
  pairs.signedWithEd25519,
  pairs.upToItsRoot,
  pairs.manyNames,
  pairs.rsaKey,
  pairs.p256Key,
  pairs.p384Key,
  pairs.p521Key,
])

function agreementOn(fixture: pairs.CertificateFixture): Agreement {
  if (fixture === pairs.withMalformedNames)
    return form('§4.2.1.6: names must be what they are said to be')
  return rejectedServers.has(fixture) ? 'rejected' : 'accepted'
}

/** Clients, likewise. */
const clients: Readonly<Record<string, readonly [pairs.CertificateFixture, Agreement]>> = {
  client: [pairs.client, 'accepted'],
  otherClient: [pairs.otherClient, 'accepted'],
  clientByIntermediate: [pairs.clientByIntermediate, 'rejected'],
  forA: [pairs.forA, 'rejected'],
  expired: [pairs.expired, 'rejected'],
  selfSigned: [pairs.selfSigned, 'rejected'],
}

function serverCase(
  name: string,
  certificate: pairs.CertificateFixture,
  agreement: Agreement,
  anchors: string,
): ConformanceCase {
  return {
    title: `server/${kebab(name)}`,
    source,
    requires: ({ client, server }) => {
      const { keyType } = certificateOf(certificate)
      // What core alone is against needs no engine that verifies.
      const hasVerdict = client.chainVerification || typeof agreement === 'object'
      return hasVerdict && server.certificateKeys.some((key) => key === keyType)
    },
    async run(context) {
      const database = TlsDatabase.fromPem(anchors)
      const client = { database, acceptCertificate: () => true }
      const pair = await context.pair({ certificate, client })
      const problem = await failureOf(pair)
      agree(pair.client.peerVerification ?? problem, agreement)
    },
  }
}

function clientCase(
  name: string,
  fixture: pairs.CertificateFixture,
  agreement: Agreement,
): ConformanceCase {
  return {
    title: `client/${kebab(name)}`,
    source,
    requires: (subject) => subject.server.chainVerification && bothAuthenticate(subject),
    async run(context) {
      const pair = await context.pair(
        asking('requested', {
          client: { certificate: certificateOf(fixture) },
          server: { database: TlsDatabase.fromPem(pairs.testCa), acceptCertificate: () => true },
        }),
      )
      const problem = await failureOf(pair)
      agree(pair.server.peerVerification ?? problem, agreement)
    },
  }
}

/** How a handshake failed, if it did: an engine may end it by itself over a certificate. */
async function failureOf(pair: Pair): Promise<unknown> {
  try {
    await pair.handshake()
    return undefined
  } catch (error) {
    return error
  }
}

/** Neither accepts what the other rejects, but for what core alone is against, on purpose. */
function agree(verdict: unknown, agreement: Agreement): void {
  if (!isVerification(verdict)) {
    if (agreement === 'accepted') throw verdict
    return
  }
  const { engineErrors, findings } = verdict
  const ours =
    findings.reduce((all, { flags }) => all | flags, 0) & ~TlsCertificateFlags.BAD_IDENTITY
  const core = `Core says: ${describeCertificateFlags(ours)}`
  if (typeof agreement === 'object') {
    ok(ours !== 0, `${core}, although ${agreement.stricter}`)
    return
  }
  if (engineErrors === undefined) throw new ConformanceFailure('The engine has no verdict.')
  const engine = `The engine says: ${describeCertificateFlags(engineErrors)}`
  equal(ours === 0, agreement === 'accepted', `${core}. Whether it accepts`)
  equal(engineErrors === 0, agreement === 'accepted', `${engine}. Whether it accepts`)
  const unseen = engineErrors & ~ours & DATED
  equal(unseen, 0, `${engine}, ${core}. What the engine alone has found`)
}

function isVerification(verdict: unknown): verdict is PeerVerification {
  return typeof verdict === 'object' && verdict !== null && 'findings' in verdict
}

/** What can only mean one thing: engines differ in what they have no flag for. */
const DATED =
  TlsCertificateFlags.NOT_ACTIVATED | TlsCertificateFlags.EXPIRED | TlsCertificateFlags.REVOKED

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

const cases: readonly ConformanceCase[] = [
  ...Object.entries(agreements).map(([name, agreement]) => {
    const certificate = chains[name as keyof TestChains]
    const fixture = { certificate, privateKey: chainKey }
    return serverCase(`chain/${name}`, fixture, agreement, chainCa)
  }),
  ...servers.map(([name, fixture]) =>
    serverCase(name, fixture, agreementOn(fixture), pairs.testCa + pairs.namesCa),
  ),
  ...Object.entries(clients).map(([name, [fixture, agreement]]) =>
    clientCase(name, fixture, agreement),
  ),
  {
    title: 'none-of-an-engine-that-does-not-verify',
    source: 'TlsCapabilities.chainVerification: an engine that says so has no verdict',
    requires: ({ client }) => !client.chainVerification,
    async run(context) {
      const { client } = await context.connect()
      equal(client.peerVerification?.engineErrors, undefined, 'The verdict of the engine')
    },
  },
]

/**
 * What an engine makes of a chain by itself, beside core: two opinions that must not differ, or one of
 * the two is wrong.
 */
export const chainVerdicts: ConformanceArea = {
  name: 'chain-verdicts',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
