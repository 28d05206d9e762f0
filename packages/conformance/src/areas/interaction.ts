import type { TlsClientConnection } from '@tlsio/core'
import { equal, inBackground, ok, rejects } from '../assertions.js'
import { asking, bothAuthenticate, clientOutcome } from '../authentication.js'
import { bytesOf } from '../bytes.js'
import type { CaseSubject, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { client } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

const late = 'RFC 8446 §4.4.2.4; GIO GTlsConnection: a client learns of it when it reads'

/** Whether an interaction is asked at all. */
const asks = (subject: CaseSubject): boolean =>
  bothAuthenticate(subject) && subject.client.certificateRequest !== 'never'

const failure = new Error('the card reader is gone')
const failing = { requestCertificate: () => Promise.reject(failure) }

const ignored = (): void => {}

/** What the application is asked for a certificate: part of the area `client-authentication`. */
export const interactions: readonly ConformanceCase[] = [
  {
    title: 'interaction/gives-the-certificate',
    source: 'GIO g_tls_interaction_request_certificate()',
    requires: (subject) =>
      bothAuthenticate(subject) && subject.client.certificateRequest !== 'never',
    async run(context) {
      let asked = 0
      const options = asking('required', {
        client: {
          interaction: {
            async requestCertificate(connection) {
              asked++
              connection.certificate = certificateOf(client)
              return 'handled'
            },
          },
        },
      })
      const pair = await context.connect(options)
      equal(asked, 1, 'How often it was asked')
      ok(
        pair.server.peerCertificate?.isSame(certificateOf(client)) === true,
        'its certificate arrives',
      )
    },
  },
  {
    title: 'interaction/not-asked-with-a-certificate',
    source: 'GIO GTlsConnection:certificate: the interaction is then not consulted',
    requires: bothAuthenticate,
    async run(context) {
      let asked = 0
      const requestCertificate = async () => {
        asked++
        return 'unhandled' as const
      }
      const certificate = certificateOf(client)
      await context.connect(
        asking('required', { client: { certificate, interaction: { requestCertificate } } }),
      )
      equal(asked, 0, 'How often it was asked')
    },
  },
  {
    title: 'interaction/not-asked-unless-the-server-asks',
    source: 'GIO GTlsServerConnection:authentication-mode: NONE',
    requires: (subject) =>
      asks(subject) && subject.client.certificateRequest === 'during-handshake',
    async run(context) {
      let asked = 0
      const requestCertificate = async () => {
        asked++
        return 'unhandled' as const
      }
      await context.connect({ client: { interaction: { requestCertificate } } })
      equal(asked, 0, 'How often it was asked')
    },
  },
  {
    title: 'interaction/failure-is-told-if-a-certificate-was-needed',
    source: `GIO G_TLS_INTERACTION_FAILED; ${late}`,
    requires: (subject) =>
      bothAuthenticate(subject) && subject.client.certificateRequest !== 'never',
    async run(context) {
      const client = { interaction: failing }
      const lenient = await context.connect(asking('requested', { client }))
      equal(lenient.server.peerCertificate, null, 'What a server that can do without it has')
      if (context.version !== 'TLSv1.3') return
      const strict = await context.pair(asking('required', { client }))
      equal(
        await deadline(clientOutcome(strict), 'The refusal'),
        failure,
        "The client's first read",
      )
    },
  },
  {
    title: 'interaction/failure-is-told-although-writes-succeed',
    source: `GIO G_TLS_INTERACTION_FAILED; ${late}`,
    requires: (subject) => asks(subject) && subject.version === 'TLSv1.3',
    async run(context) {
      const pair = await context.pair(asking('required', { client: { interaction: failing } }))
      const server = inBackground(pair.server.handshake())
      await deadline(pair.client.handshake(), "The client's handshake")
      // It may be accepted before the server's refusal is there, and then tells nothing.
      await deadline(pair.client.write(bytesOf('x')).catch(ignored), 'A write')
      const read = rejects(pair.client.read(), { value: failure }, 'The first read')
      await deadline(read, 'The first read')
      await rejects(server, { code: 'TLS_CERTIFICATE_REQUIRED' }, "The server's handshake")
    },
  },
  {
    title: 'interaction/failure-replaces-no-abort-and-no-end',
    source: 'GIO glib-networking: only a failure of the connection is explained by it',
    requires: asks,
    async run(context) {
      const pair = await context.pair(asking('requested', { client: { interaction: failing } }))
      await pair.handshake()
      const controller = new AbortController()
      const reason = new Error('No longer wanted.')
      const { signal } = controller
      const aborted = rejects(pair.client.read({ signal }), { value: reason }, 'The aborted read')
      controller.abort(reason)
      await deadline(aborted, 'The aborted read')
      await deadline(pair.server.close(), 'close')
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
    },
  },
  {
    title: 'interaction/failure-is-not-told-after-a-read',
    source: 'GIO glib-networking: who was read from has accepted us',
    requires: (subject) => asks(subject) && subject.client.truncationDetection !== 'never',
    async run(context) {
      const pair = await context.connect(asking('requested', { client: { interaction: failing } }))
      await pair.streams.server.closeWrite()
      const read = rejects(pair.client.read(), { code: 'TLS_EOF' }, 'A read')
      await deadline(read, 'The end of the stream')
    },
  },
  {
    title: 'interaction/unhandled-goes-on-without',
    source: 'GIO G_TLS_INTERACTION_UNHANDLED',
    requires: asks,
    async run(context) {
      const interaction = { requestCertificate: async () => 'unhandled' as const }
      const pair = await context.connect(asking('requested', { client: { interaction } }))
      equal(pair.server.peerCertificate, null, 'What the server has')
    },
  },
  {
    title: 'interaction/operation-inside-fails',
    source: 'TlsInteraction.requestCertificate: operations wait for the answer',
    requires: (subject) =>
      bothAuthenticate(subject) && subject.client.certificateRequest !== 'never',
    async run(context) {
      let inside: unknown
      const options = asking('requested', {
        client: {
          interaction: {
            async requestCertificate(connection: TlsClientConnection) {
              inside = await connection.read().catch((error: unknown) => error)
              return 'unhandled'
            },
          },
        },
      })
      await deadline(context.connect(options), 'The connection')
      await rejects(Promise.reject(inside), { code: 'IO_FAILED' }, 'A read inside')
    },
  },
]
