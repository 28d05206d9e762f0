import { equal, ok, rejects } from '../assertions.js'
import { asking, bothAuthenticate, clientOutcome } from '../authentication.js'
import type { ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { client } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

const late = 'RFC 8446 §4.4.2.4; GIO GTlsConnection: a client learns of it when it reads'

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
    title: 'interaction/failure-is-told-if-a-certificate-was-needed',
    source: `GIO G_TLS_INTERACTION_FAILED; ${late}`,
    requires: (subject) =>
      bothAuthenticate(subject) && subject.client.certificateRequest !== 'never',
    async run(context) {
      const failure = new Error('the card reader is gone')
      const interaction = { requestCertificate: () => Promise.reject(failure) }
      const lenient = await context.connect(asking('requested', { client: { interaction } }))
      equal(lenient.server.peerCertificate, null, 'What a server that can do without it has')
      if (context.version !== 'TLSv1.3') return
      const strict = await context.pair(asking('required', { client: { interaction } }))
      equal(
        await deadline(clientOutcome(strict), 'The refusal'),
        failure,
        "The client's first read",
      )
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
            async requestCertificate(connection) {
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
