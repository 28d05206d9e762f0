import {
  type IoStream,
  TicketKeys,
  TlsCertificate,
  TlsCertificateFlags,
  TlsDatabase,
} from '@tlsio/core'
import { hex } from '@tlsio/core/wire'
import { equal, inBackground, ok, rejects, sameList, throws } from '../assertions.js'
import { asking, bothAuthenticate, clientOutcome } from '../authentication.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import {
  client,
  clientByIntermediate,
  clientCa,
  forA,
  forB,
  selfSigned,
} from '../fixtures/fixtures.js'
import { certificateOf, testDatabase } from '../fixtures/load.js'
import { commonName, namingAuthorities } from '../peers/certificate-request.js'
import { bothResume, copied, resumed } from '../resumption.js'
import { interactions } from './interaction.js'

const mode = 'GIO GTlsServerConnection:authentication-mode'
/** Type of the handshake message (RFC 5246 §7.4). */
const CERTIFICATE_REQUEST = 13

const cas = 'GIO GTlsClientConnection:accepted-cas'
const accept = 'GIO GTlsConnection::accept-certificate: a server asks about each client certificate'

const cases: readonly ConformanceCase[] = [
  {
    title: 'none/certificate-is-not-asked-for',
    source: `${mode}: NONE`,
    requires: bothAuthenticate,
    async run(context) {
      const pair = await context.connect({ client: { certificate: certificateOf(client) } })
      equal(pair.server.peerCertificate, null, "The server's peerCertificate")
      equal(pair.client.acceptedCas, null, 'acceptedCas')
      // In TLS 1.3 nobody but the two ends sees what is asked for.
      const { handshakeTypes } = pair.streams.serverWire.sent
      equal(handshakeTypes.includes(CERTIFICATE_REQUEST), false, 'Whether it is asked for')
    },
  },
  {
    title: 'requested/certificate-arrives',
    source: `${mode}: REQUESTED`,
    requires: bothAuthenticate,
    async run(context) {
      const { server } = await context.connect(asking('requested'))
      ok(
        server.peerCertificate?.isSame(certificateOf(client)) === true,
        'it is the client certificate',
      )
      equal(server.peerCertificateErrors, 0, 'Its errors')
    },
  },
  {
    title: 'requested/none-is-fine',
    source: `${mode}: REQUESTED; the callback is never called without a certificate`,
    requires: bothAuthenticate,
    async run(context) {
      let asked = 0
      const acceptCertificate = () => {
        asked++
        return true
      }
      const { server } = await context.connect(
        asking('requested', { server: { acceptCertificate } }),
      )
      equal(server.peerCertificate, null, "The server's peerCertificate")
      equal(asked, 0, 'How often the callback was asked')
    },
  },
  // denoland/deno#12951: the refusal was first seen by a later write.
  {
    title: 'required/none-is-refused',
    source: `${mode}: REQUIRED; GIO G_TLS_ERROR_CERTIFICATE_REQUIRED`,
    requires: bothAuthenticate,
    async run(context) {
      const pair = await context.pair(asking('required', {}))
      const expected = { code: 'TLS_CERTIFICATE_REQUIRED' }
      const server = rejects(pair.server.handshake(), expected, "The server's handshake")
      const outcome = await deadline(clientOutcome(pair), 'The refusal')
      ok(outcome instanceof Error, 'the client hears of it')
      // An engine that knows it was asked can tell why the connection was dropped; another needs
      // the alert.
      if (context.version === 'TLSv1.3' && context.client.supports.acceptedCas) {
        await rejects(Promise.reject(outcome), expected, "The client's first read")
      }
      await server
    },
  },
  {
    title: 'mode/read-when-the-handshake-starts',
    source: mode,
    requires: bothAuthenticate,
    async run(context) {
      const early = await context.pair(asking('none'))
      early.server.authenticationMode = 'required'
      await early.handshake()
      ok(early.server.peerCertificate !== null, 'a certificate was asked for')
      const late = await context.pair(asking('none', {}))
      const handshake = inBackground(late.handshake())
      late.server.authenticationMode = 'required'
      await handshake
      await late.settle()
      equal(late.server.authenticationMode, 'required', 'The mode kept')
    },
  },
  {
    title: 'whole-chain-is-sent',
    source: 'RFC 8446 §4.4.2; GIO glib-networking GnuTLS: the client sends its issuers, too',
    requires: bothAuthenticate,
    async run(context) {
      const { server } = await context.connect(
        asking('required', {
          client: { certificate: certificateOf(clientByIntermediate) },
          server: { database: TlsDatabase.fromPem(clientCa) },
        }),
      )
      equal(server.peerCertificateErrors, 0, 'peerCertificateErrors')
      const issuer = certificateOf(clientByIntermediate).issuer as TlsCertificate
      equal(server.peerCertificate?.issuer?.isSame(issuer), true, 'Whether the issuer is linked')
    },
  },
  {
    title: 'without-a-key-is-refused',
    source: 'GIO g_tls_server_connection_new(): G_TLS_ERROR_BAD_CERTIFICATE',
    async run(context) {
      const certificate = TlsCertificate.fromPem(client.certificate)
      const { client: near, server: far } = await context.streams()
      const refused = { code: 'TLS_BAD_CERTIFICATE' }
      const options = { certificate }
      throws(() => context.clientOn(near, { client: options }), refused, 'A client without a key')
      throws(() => context.serverOn(far, { server: options }), refused, 'A server without a key')
    },
  },
  {
    title: 'accept/asked-although-nothing-is-wrong',
    source: accept,
    requires: bothAuthenticate,
    async run(context) {
      const seen: number[] = []
      const acceptCertificate = (_: unknown, errors: number) => {
        seen.push(errors)
        return true
      }
      const options = asking('required')
      const pair = await context.connect({
        ...options,
        server: { ...options.server, acceptCertificate },
      })
      equal(seen.join(), '0', 'What the callback was asked with')
      await pair.settle()
    },
  },
  {
    title: 'accept/refused-without-a-callback',
    source: accept,
    requires: bothAuthenticate,
    async run(context) {
      const options = asking('requested')
      const pair = await context.pair({
        ...options,
        server: { ...options.server, acceptCertificate: undefined },
      })
      const expected = { code: 'TLS_BAD_CERTIFICATE' }
      const server = rejects(pair.server.handshake(), expected, "The server's handshake")
      ok(
        (await deadline(clientOutcome(pair), 'The refusal')) instanceof Error,
        'the client hears of it',
      )
      await server
      ok(pair.server.peerCertificate !== null, 'peerCertificate is set all the same')
    },
  },
  {
    title: 'accept/unknown-authority-is-told',
    source: 'GIO GTlsConnection:peer-certificate-errors',
    requires: bothAuthenticate,
    async run(context) {
      let told = 0
      const acceptCertificate = (_: unknown, errors: number) => {
        told = errors
        return true
      }
      const options = asking('required', {
        client: { certificate: certificateOf(selfSigned) },
        server: { acceptCertificate },
      })
      const { server } = await context.connect(options)
      ok((told & TlsCertificateFlags.UNKNOWN_CA) !== 0, 'the callback is told UNKNOWN_CA')
      equal(server.peerCertificateErrors, told, 'peerCertificateErrors')
      equal(
        told & TlsCertificateFlags.BAD_IDENTITY,
        0,
        'BAD_IDENTITY: no name is expected of a client',
      )
    },
  },
  {
    title: 'accept/not-for-clients-is-told',
    source: 'RFC 5280 §4.2.1.12; GIO G_TLS_DATABASE_PURPOSE_AUTHENTICATE_CLIENT',
    requires: bothAuthenticate,
    async run(context) {
      const certificate = certificateOf(forA)
      const { server } = await context.connect(asking('required', { client: { certificate } }))
      const { GENERIC_ERROR, BAD_IDENTITY } = TlsCertificateFlags
      const errors = server.peerCertificateErrors
      ok((errors & GENERIC_ERROR) !== 0, 'GENERIC_ERROR is told')
      equal(errors & BAD_IDENTITY, 0, 'BAD_IDENTITY: no name is expected of a client')
    },
  },
  {
    title: 'accept/null-database-trusts-nobody',
    source: 'GIO GTlsConnection:database: null',
    requires: bothAuthenticate,
    async run(context) {
      const options = asking('required')
      // The default one would vouch for it.
      context.server.setDefaultDatabase(testDatabase())
      const { server } = await context.connect({
        ...options,
        server: { ...options.server, database: null },
      })
      ok((server.peerCertificateErrors & TlsCertificateFlags.UNKNOWN_CA) !== 0, 'UNKNOWN_CA')
    },
  },
  // nodejs/node#35317
  {
    title: 'resumed/judged-again',
    source: 'GIO glib-networking OpenSSL: verification on each handshake, resumed or not',
    requires: (subject) => bothAuthenticate(subject) && bothResume(subject),
    async run(context) {
      const ticketKeys = TicketKeys.generate()
      const answers = [true, true, false]
      const acceptCertificate = () => answers.shift() === true
      const options = asking('required', {
        client: { certificate: certificateOf(client) },
        server: { ticketKeys, acceptCertificate },
      })
      const control = await context.connect(options)
      const second = await copied(context, control.client, options)
      resumed(second, true)
      ok(
        second.server.peerCertificate?.isSame(certificateOf(client)) === true,
        'kept in the ticket',
      )
      const third = await context.pair(options)
      third.client.copySessionState(control.client)
      const server = rejects(third.server.handshake(), { code: 'TLS_BAD_CERTIFICATE' }, 'The third')
      ok(
        (await deadline(clientOutcome(third), 'The refusal')) instanceof Error,
        'the client hears of it',
      )
      await server
    },
  },
  {
    title: 'resumed/whole-chain-judged-again',
    source: 'RFC 8446 §4.6.1; resumption must not weaken verification, nor refuse who is in order',
    requires: (subject) => bothAuthenticate(subject) && bothResume(subject),
    async run(context) {
      const certificate = certificateOf(clientByIntermediate)
      const acceptCertificate = (_: TlsCertificate, errors: number) => errors === 0
      const database = TlsDatabase.fromPem(clientCa)
      const server = { ticketKeys: TicketKeys.generate(), acceptCertificate, database }
      const options = asking('required', { client: { certificate }, server })
      const control = await context.connect(options)
      const second = await copied(context, control.client, options)
      resumed(second, true)
      equal(second.server.peerCertificateErrors, 0, 'Errors of the one that resumed')
      const third = await context.connect({
        ...options,
        client: { certificate, sessionResumption: 'off' },
      })
      equal(third.server.peerCertificateErrors, 0, 'Errors of a full handshake afterwards')
    },
  },
  {
    title: 'resumed/anonymous-session-does-not-authenticate',
    source: 'RFC 8446 §4.6.1: a ticket stands for the authentication it was given in',
    requires: (subject) => bothAuthenticate(subject) && bothResume(subject),
    async run(context) {
      const ticketKeys = TicketKeys.generate()
      const control = await context.connect({ server: { ticketKeys } })
      const pair = await context.pair(asking('required', { server: { ticketKeys } }))
      pair.client.copySessionState(control.client)
      const expected = { code: 'TLS_CERTIFICATE_REQUIRED' }
      const server = rejects(pair.server.handshake(), expected, 'The server that insists')
      await deadline(clientOutcome(pair), 'The refusal')
      await server
    },
  },
  {
    title: 'accepted-cas/told-when-asked',
    source: `${cas}; RFC 8446 §4.2.4`,
    requires: (subject) => bothAuthenticate(subject) && subject.client.acceptedCas,
    async run(context) {
      const pair = await context.connect(asking('requested'))
      ok(pair.client.acceptedCas !== null, 'an empty list at least, since the server asked')
    },
  },
  {
    title: 'accepted-cas/as-named',
    source: `${cas}; RFC 5246 §7.4.4: certificate_authorities`,
    // Up to TLS 1.2 what a server names is in the clear, and can be exchanged for what it never would.
    requires: (subject) =>
      bothAuthenticate(subject) &&
      subject.client.acceptedCas &&
      subject.client.certificateRequest === 'during-handshake' &&
      subject.version !== 'TLSv1.3',
    async run(context) {
      const names = ['One of two', 'Two of two'].map(commonName)
      const [near, far] = [await context.streams(), await context.streams()]
      const options = asking('requested', {})
      const connection = context.clientOn(near.client, options)
      void inBackground(context.serverOn(far.server, options).handshake())
      void inBackground(passOn(near.server, far.client))
      const named = namingAuthorities(context.version, names)
      void inBackground(passOn(far.client, near.server, named))
      // The two ends know different requests, which shows when they are done.
      await deadline(rejects(connection.handshake(), {}, 'The handshake'), 'The handshake')
      sameList(connection.acceptedCas?.map(hex) ?? [], names.map(hex), 'acceptedCas')
    },
  },
  {
    title: 'accepted-cas/told-although-the-handshake-failed',
    source: `${cas}: after the handshake, whatever its outcome`,
    requires: (subject) =>
      bothAuthenticate(subject) &&
      subject.client.acceptedCas &&
      subject.client.certificateRequest === 'during-handshake',
    async run(context) {
      const pair = await context.pair({ ...asking('requested'), certificate: forB })
      const { client: error } = await pair.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      ok(pair.client.acceptedCas !== null, 'an empty list at least, since the server asked')
    },
  },
  {
    title: 'accepted-cas/not-told-when-resumed',
    source: cas,
    requires: (subject) =>
      bothAuthenticate(subject) && bothResume(subject) && subject.client.acceptedCas,
    async run(context) {
      const ticketKeys = TicketKeys.generate()
      const certificate = certificateOf(client)
      const options = asking('required', { client: { certificate }, server: { ticketKeys } })
      const control = await context.connect(options)
      const pair = await copied(context, control.client, options)
      resumed(pair, true)
      equal(pair.client.acceptedCas, null, 'acceptedCas')
    },
  },
  {
    title: 'accepted-cas/null-where-it-is-not-claimed',
    source: 'TlsCapabilities.acceptedCas',
    requires: (subject) => bothAuthenticate(subject) && !subject.client.acceptedCas,
    async run(context) {
      const pair = await context.connect(asking('requested'))
      equal(pair.client.acceptedCas, null, 'acceptedCas')
    },
  },
  // cloudflare/workerd#7201: what is not supported was silently ignored.
  {
    title: 'refused-where-it-is-not-claimed',
    source: 'TlsCapabilities.clientAuthentication: refused, never ignored',
    expects: 'refusal',
    requires: ({ server }) => server.server && !server.clientAuthentication,
    async run(context) {
      const options = asking('required', {})
      await rejects(context.pair(options), { code: 'TLS_NOT_SUPPORTED' }, 'A server that asks')
    },
  },
  // cloudflare/workerd#7201, oven-sh/bun#34798: the certificate was silently left out.
  {
    title: 'client-certificate-refused-where-it-is-not-claimed',
    source: 'TlsCapabilities.clientCertificates: refused, never ignored',
    expects: 'refusal',
    requires: (subject) => subject.client.client && !subject.client.clientCertificates,
    async run(context) {
      const { client: stream, clientWire } = await context.streams()
      const connect = async () => {
        const certificate = certificateOf(client)
        await context.clientOn(stream, { client: { certificate } }).handshake()
      }
      const refused = rejects(connect(), { code: 'TLS_NOT_SUPPORTED' }, 'A client certificate')
      await deadline(refused, 'The refusal')
      equal(clientWire.sent.bytes, 0, 'Bytes on the wire')
    },
  },
  {
    title: 'server-certificate/chosen-by-name',
    source: 'RFC 6066 §3; ServerConnectionOptions.selectCertificate',
    async run(context) {
      const names: (string | null)[] = []
      const selectCertificate = async (name: string | null) => {
        names.push(name)
        return name === 'b.test' ? certificateOf(forB) : undefined
      }
      for (const [hostname, expected] of [
        ['B.test', forB],
        ['a.test', forA],
      ] as const) {
        const pair = await context.connect({
          client: { serverIdentity: { hostname } },
          server: { selectCertificate },
        })
        ok(pair.client.peerCertificate?.isSame(certificateOf(expected)) === true, `for ${hostname}`)
        await pair.server.write(bytesOf('!'))
      }
      equal(names.join(), 'b.test,a.test', 'The names it was asked for')
    },
  },
]

/** Passes everything on, changed, up to the end. */
async function passOn(
  from: IoStream,
  to: IoStream,
  change = (chunk: Uint8Array): Uint8Array => chunk,
): Promise<void> {
  for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
    const changed = change(chunk)
    if (changed.length > 0) await to.write(changed)
  }
  await to.closeWrite()
}

/**
 * Certificates of clients: asked for, judged, and asked of the application; and servers with
 * several.
 */
export const clientAuthentication: ConformanceArea = {
  name: 'client-authentication',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...cases, ...interactions],
}
