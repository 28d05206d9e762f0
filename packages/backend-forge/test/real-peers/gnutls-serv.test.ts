import {
  Client,
  defineEndingTests,
  defineNeverResumesTest,
  defineResumptionTests,
  defineTruncationTests,
  gnutlsServ,
  gnutlsServPrograms,
  only,
  onlyForGnutls,
  testsWith,
  visit,
} from '@tlsio/real-peers'
import { subject } from './subject.js'

const define = testsWith('gnutls-serv', gnutlsServPrograms)
// It speaks every version unless it is told otherwise.
const { start, request, answer } = gnutlsServ

defineResumptionTests(subject, define, start)
defineEndingTests(subject, define, start, request, answer)
defineTruncationTests(subject, define, start)

for (const version of subject.versions) {
  const other = version === 'TLSv1' ? 'TLSv1.1' : 'TLSv1'

  define(`${version}/resumes-without-tickets-too`, async (t) => {
    await visit(t, subject, await start(t, '--noticket'), version, [false, true, true])
  })

  // Each session has an ID that it does not know the next time.
  for (const settings of [['--nodb'], ['--noticket', '--nodb']]) {
    const title = settings.join('').slice(2)
    defineNeverResumesTest(subject, define, version, 'gives-sessions', title, (t) =>
      start(t, ...settings),
    )
  }

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const server = await start(t, ...onlyForGnutls(version))
    const connection = await new Client(t, subject, server.port).open()
    t.false(await server.ask(connection))
    t.is(connection.protocolVersion, version)
    await connection.close()
  })

  for (const servers of [other, 'TLSv1.2'] as const) {
    define(`${version}/no-version-in-common/server-${servers}`, async (t) => {
      const { port } = await start(t, ...onlyForGnutls(servers))
      const connection = await new Client(t, subject, port, only(version)).open()
      await t.throwsAsync(connection.handshake(), { code: 'TLS_HANDSHAKE' })
      await connection.close()
    })
  }
}
