import { TlsCertificate, TlsCertificateFlags, TlsDatabase } from '@tlsio/core'
import { ConformanceFailure, equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import {
  type CertificateFixture,
  clientCa,
  commonNameOnly,
  expired,
  forA,
  forAAndB,
  forB,
  forClientsOnly,
  forgedExpired,
  forgedExpiredWithRealCa,
  forLocalhost,
  forWildcard,
  fromOtherCa,
  intermediateMissing,
  notYetValid,
  selfSigned,
  testCa,
  viaIntermediate,
  withExpiredLink,
} from '../fixtures/fixtures.js'
import { certificateOf, otherDatabase } from '../fixtures/load.js'

const { UNKNOWN_CA, BAD_IDENTITY, EXPIRED, NOT_ACTIVATED, GENERIC_ERROR } = TlsCertificateFlags
const judged = UNKNOWN_CA | BAD_IDENTITY | EXPIRED | NOT_ACTIVATED

/** A certificate that is for the client's identity and comes from an anchor it trusts. */
function accepted(
  title: string,
  source: string,
  certificate: CertificateFixture,
  client: PairOptions['client'] = {},
): ConformanceCase {
  return {
    title: `accepted/${title}`,
    source,
    async run(context) {
      const acceptCertificate = () => {
        throw new ConformanceFailure('The application was asked about a certificate in order.')
      }
      const pair = await context.pair({ certificate, client: { acceptCertificate, ...client } })
      await pair.handshake()
      equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
      const shown = pair.client.peerCertificate?.isSame(certificateOf(certificate))
      equal(shown, true, 'Whether peerCertificate is the one shown')
    },
  }
}

/** A certificate that must be refused, with exactly these of the four flags that core judges. */
function rejected(
  title: string,
  source: string,
  flags: number,
  certificate: CertificateFixture,
  client: PairOptions['client'] = {},
): ConformanceCase {
  return {
    title: `rejected/${title}`,
    source,
    async run(context) {
      const pair = await context.pair({ certificate, client })
      const { client: error } = await pair.attempt()
      const what = 'The handshake'
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE', flags }, what)
      equal(pair.client.peerCertificateErrors & judged, flags, 'peerCertificateErrors')
      const shown = pair.client.peerCertificate?.isSame(certificateOf(certificate))
      equal(shown, true, 'Whether peerCertificate is the one shown')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
    },
  }
}

/** A fixture that sends these of its certificates, by their place in its chain. */
function sending(
  { certificate, privateKey }: CertificateFixture,
  order: readonly (number | 'anchor')[],
): CertificateFixture {
  const chain = TlsCertificate.listFromPem(certificate).map(({ pem }) => pem)
  const sent = order.map((place) => (place === 'anchor' ? testCa : chain[place]))
  return { certificate: sent.join('\n'), privateKey }
}

const unordered = 'RFC 8446 §4.4.2: more than is needed, in any order'
const names = 'RFC 9525 §6.3'
const nameless = 'RFC 9525 §2: names in the subject are not looked at'
const path = 'RFC 5280 §6.1; GIO g_tls_database_verify_chain()'
const nobody = 'GIO GTlsConnection:database: null gives every peer UNKNOWN_CA'
const unmasked = 'GIO GTlsCertificateFlags: who tolerates one problem must not let in a forgery'
const accept = 'GIO GTlsConnection::accept-certificate'
const onName = (hostname: string) => ({ serverIdentity: { hostname } })

const cases: readonly ConformanceCase[] = [
  accepted('name', names, forA),
  accepted('one-name-of-two', names, forAAndB, onName('b.test')),
  accepted('name-in-capitals', names, forA, onName('A.TEST')),
  accepted('name-with-trailing-dot', names, forA, onName('a.test.')),
  accepted('wildcard', names, forWildcard, onName('some.wild.test')),
  accepted('address', 'RFC 9525 §6.4', forLocalhost, { serverIdentity: { address: '127.0.0.1' } }),
  accepted('address-6', 'RFC 9525 §6.4', forLocalhost, { serverIdentity: { address: '0::1' } }),
  accepted('address-as-text', 'RFC 9525 §6.4', forLocalhost, onName('127.0.0.1')),
  accepted('by-an-intermediate', path, viaIntermediate),
  accepted('with-an-expired-link-it-does-not-need', path, withExpiredLink),
  {
    title: 'accepted/whatever-link-was-seen-with-the-leaf-before',
    source: 'RFC 5280 §6.1: each chain by itself',
    async run(context) {
      const whole = TlsCertificate.fromPem(withExpiredLink.certificate + withExpiredLink.privateKey)
      const alone = TlsCertificate.fromPem(
        TlsCertificate.listFromPem(withExpiredLink.certificate)[0]?.pem +
          withExpiredLink.privateKey,
      )
      for (const certificate of [whole, alone, whole]) {
        const off = { sessionResumption: 'off' } as const
        const { client } = await context.connect({ client: off, server: { certificate } })
        equal(client.peerCertificateErrors, 0, 'peerCertificateErrors')
      }
    },
  },
  {
    title: 'accepted/whose-link-was-missing-before',
    source: 'RFC 5280 §6.1: each chain by itself',
    async run(context) {
      const alone = sending(viaIntermediate, [0])
      const client = { sessionResumption: 'off' } as const
      await (await context.pair({ certificate: alone, client })).attempt()
      const whole = await context.connect({ certificate: viaIntermediate, client })
      equal(whole.client.peerCertificateErrors, 0, 'peerCertificateErrors with its link')
    },
  },
  accepted('chain-out-of-order', unordered, sending(viaIntermediate, [0, 'anchor', 1])),
  accepted('anchor-sent-too', unordered, sending(forA, [0, 'anchor'])),
  accepted('leaf-sent-twice', unordered, sending(viaIntermediate, [0, 0, 1])),
  {
    title: 'accepted/issuers-are-linked',
    source: 'GIO GTlsCertificate:issuer; GTlsConnection:peer-certificate',
    async run(context) {
      const { client } = await context.connect({ certificate: viaIntermediate })
      const issuer = certificateOf(viaIntermediate).issuer as TlsCertificate
      equal(client.peerCertificate?.issuer?.isSame(issuer), true, 'Whether the issuer is linked')
    },
  },
  accepted('by-the-database-given', path, fromOtherCa, { database: otherDatabase() }),
  rejected('wrong-name', names, BAD_IDENTITY, forB),
  rejected('wildcard-for-two-labels', names, BAD_IDENTITY, forWildcard, onName('x.y.wild.test')),
  rejected('wildcard-for-no-label', names, BAD_IDENTITY, forWildcard, onName('wild.test')),
  rejected('common-name-only', nameless, BAD_IDENTITY, commonNameOnly),
  rejected('wrong-address', 'RFC 9525 §6.4', BAD_IDENTITY, forLocalhost, {
    serverIdentity: { address: '127.0.0.2' },
  }),
  rejected(
    'no-identity-expected',
    'GIO GTlsClientConnection:server-identity; CVE-2020-13645',
    BAD_IDENTITY,
    forA,
    { serverIdentity: null },
  ),
  rejected('unknown-authority', path, UNKNOWN_CA, fromOtherCa),
  rejected('self-signed', path, UNKNOWN_CA, selfSigned),
  rejected('intermediate-missing', path, UNKNOWN_CA, intermediateMissing),
  rejected('nobody-trusted', nobody, UNKNOWN_CA, forA, { database: null }),
  rejected('empty-database', nobody, UNKNOWN_CA, forA, {
    database: TlsDatabase.fromCertificates([]),
  }),
  rejected('another-database', path, UNKNOWN_CA, forA, { database: otherDatabase() }),
  rejected('expired', 'RFC 5280 §6.1.3 (a)(2)', EXPIRED, expired),
  rejected('forged-and-expired', unmasked, EXPIRED | UNKNOWN_CA, forgedExpired),
  rejected(
    'forged-and-expired-with-the-real-authority',
    unmasked,
    EXPIRED | UNKNOWN_CA,
    forgedExpiredWithRealCa,
  ),
  {
    title: 'rejected/not-for-servers',
    source: 'RFC 5280 §4.2.1.12; GIO G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER',
    async run(context) {
      const database = TlsDatabase.fromPem(clientCa)
      const pair = await context.pair({ certificate: forClientsOnly, client: { database } })
      const { client: error } = await pair.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      const { peerCertificateErrors } = pair.client
      ok((peerCertificateErrors & GENERIC_ERROR) !== 0, 'GENERIC_ERROR is told')
      equal(peerCertificateErrors & judged, 0, 'What else is told to be wrong with it')
    },
  },
  {
    title: 'rejected/server-hears-of-it',
    source: 'GIO GTlsConnection: the peer of one that rejects sees an alert or a drop',
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      const { client, server } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      ok(server instanceof Error, 'the server fails, and does not take it for an orderly end')
    },
  },
  rejected('not-yet-valid', 'RFC 5280 §6.1.3 (a)(2)', NOT_ACTIVATED, notYetValid),
  rejected(
    'all-that-is-wrong-is-told',
    'GIO GTlsCertificateFlags',
    EXPIRED | BAD_IDENTITY | UNKNOWN_CA,
    expired,
    { ...onName('b.test'), database: otherDatabase() },
  ),
  {
    title: 'accept-certificate/accepts',
    source: accept,
    async run(context) {
      let asked = 0
      const pair = await context.pair({
        certificate: fromOtherCa,
        client: {
          acceptCertificate: (certificate, errors) => {
            asked++
            ok(certificate.isSame(certificateOf(fromOtherCa)), 'it is asked about the one shown')
            equal(errors & judged, UNKNOWN_CA, 'The errors it is asked about')
            equal(pair.client.peerCertificate, null, 'peerCertificate while it is asked')
            return true
          },
        },
      })
      await pair.handshake()
      await pair.settle()
      equal(asked, 1, 'How often it was asked')
      equal(pair.client.peerCertificateErrors & judged, UNKNOWN_CA, 'peerCertificateErrors')
      ok(pair.client.peerCertificate !== null, 'peerCertificate is set afterwards')
    },
  },
  {
    title: 'accept-certificate/accepts-later',
    source: `${accept}: the answer is awaited`,
    async run(context) {
      const acceptCertificate = async () => {
        await Promise.resolve()
        return true
      }
      const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
      await pair.handshake()
    },
  },
  {
    title: 'accept-certificate/rejects',
    source: `${accept}: nobody says true`,
    async run(context) {
      const acceptCertificate = () => false
      const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
      const { client } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      ok(pair.client.peerCertificate !== null, 'peerCertificate is set whatever the verdict')
    },
  },
  {
    title: 'accept-certificate/rejects-later',
    source: `${accept}: the answer is awaited`,
    async run(context) {
      const acceptCertificate = async () => {
        await Promise.resolve()
        return false
      }
      const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
      const { client } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
    },
  },
  {
    title: 'accept-certificate/not-asked-without-errors',
    source: `${accept}: a client asks about certificates with errors only`,
    async run(context) {
      let asked = 0
      const acceptCertificate = () => {
        asked++
        return false
      }
      const pair = await context.pair({ client: { acceptCertificate } })
      await pair.handshake()
      equal(asked, 0, 'How often it was asked')
    },
  },
  {
    title: 'accept-certificate/must-say-true',
    source: 'AcceptCertificate: anything else, or a throw, rejects',
    async run(context) {
      const acceptCertificate = (() => 'yes') as unknown as () => boolean
      const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
      const { client } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
    },
  },
  {
    title: 'accept-certificate/throws',
    source: 'AcceptCertificate: anything else, or a throw, rejects',
    async run(context) {
      const acceptCertificate = (): boolean => {
        throw new Error('The user has gone.')
      }
      const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
      const { client } = await pair.attempt()
      ok(client instanceof Error, 'the handshake fails')
    },
  },
  {
    title: 'accept-certificate/announced-after-the-answer',
    source: 'GIO GTlsConnection: notify::peer-certificate once, whatever the decision',
    async run(context) {
      for (const answer of [true, false]) {
        const events: string[] = []
        const acceptCertificate = () => {
          events.push('asked')
          return answer
        }
        const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
        for (const name of ['peerCertificate', 'peerCertificateErrors']) {
          pair.client.addEventListener(`change:${name}`, () => events.push(name))
        }
        if (answer) await pair.handshake()
        else await pair.attempt()
        sameList(events, ['asked', 'peerCertificate', 'peerCertificateErrors'], 'What happened')
      }
    },
  },
  {
    title: 'accept-certificate/closing-meanwhile',
    source: 'TlsConnection.close: while the application is asked, it ends the handshake',
    async run(context) {
      let close: Promise<void> | undefined
      const acceptCertificate = () => {
        close = pair.client.close()
        return true
      }
      const pair = await context.pair({ certificate: selfSigned, client: { acceptCertificate } })
      const { client } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'IO_CLOSED' }, 'The handshake')
      ok(close !== undefined, 'it was asked')
      await deadline(close, 'close')
    },
  },
  {
    title: 'accept-certificate/operations-meanwhile',
    source: 'GIO GTlsConnection: an operation from within the handler fails with G_IO_ERROR_FAILED',
    async run(context) {
      let meanwhile: Promise<unknown> | undefined
      const pair = await context.pair({
        certificate: selfSigned,
        client: {
          acceptCertificate: async () => {
            const { client } = pair
            const operations = [client.write(bytesOf('x')), client.read(), client.handshake()]
            const failed = { code: 'IO_FAILED' }
            meanwhile = Promise.all(operations.map((one) => rejects(one, failed, 'One meanwhile')))
            await meanwhile
            return true
          },
        },
      })
      await pair.handshake()
      await meanwhile
    },
  },
  {
    title: 'no-data-before-the-verdict',
    source: 'GIO glib-networking: verification comes before any application data',
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      // Much longer than a handshake, so that the wire shows whether any of it is there.
      const secret = new Uint8Array(65_536)
      const write = pair.client.write(secret)
      const refused = rejects(write, { code: 'TLS_BAD_CERTIFICATE' }, 'The write')
      const received = pair.server.read().then(
        (chunk) => chunk?.length ?? 0,
        () => 0,
      )
      await refused
      equal(await received, 0, 'Bytes that reach the server')
      const { bytes } = pair.streams.clientWire.sent
      ok(bytes < secret.length / 4, `of ${bytes} bytes on the wire none are the secret`)
    },
  },
]

/** Whom a client accepts, and who decides. */
export const peerVerification: ConformanceArea = {
  name: 'peer-verification',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
