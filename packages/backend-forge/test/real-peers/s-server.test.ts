import { client as clientFixture } from '@tlsio/conformance/fixtures'
import { TlsCertificate } from '@tlsio/core'
import {
  Client,
  defineEndingTests,
  defineNeverResumesTest,
  defineResumptionTests,
  defineTruncationTests,
  only,
  onlyForOpenssl,
  opensslPrograms,
  type Scope,
  sServer,
  testsWith,
  visit,
} from '@tlsio/real-peers'
import { subject } from './subject.js'

const define = testsWith('openssl-s_server', opensslPrograms)

defineResumptionTests(subject, define, start)
defineEndingTests(subject, define, start, sServer.request, sServer.answer)
defineTruncationTests(subject, define, start)

for (const version of subject.versions) {
  const other = version === 'TLSv1' ? 'TLSv1.1' : 'TLSv1'

  // Tickets, which forge does not have, are what it would rather give.
  define(`${version}/resumes-without-tickets-too`, async (t) => {
    await visit(t, subject, await start(t, '-no_ticket'), version, [false, true, true])
  })

  defineNeverResumesTest(subject, define, version, 'gives-none', 'no_cache', (t) =>
    start(t, '-no_cache'),
  )

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const server = await sServer.start(t, ...onlyForOpenssl(version))
    const connection = await new Client(t, subject, server.port).open()
    t.false(await server.ask(connection))
    t.is(connection.protocolVersion, version)
    await connection.close()
  })

  for (const servers of [other, 'TLSv1.2'] as const) {
    define(`${version}/no-version-in-common/server-${servers}`, async (t) => {
      const { port } = await sServer.start(t, ...onlyForOpenssl(servers))
      const connection = await new Client(t, subject, port, only(version)).open()
      await t.throwsAsync(connection.handshake(), { code: 'TLS_HANDSHAKE' })
      await connection.close()
    })
  }

  define(`${version}/resumes-with-a-client-certificate`, async (t) => {
    const server = await start(t, '-Verify', '2', '-verify_return_error', '-CAfile', 'ca.pem')
    const pem = clientFixture.certificate + clientFixture.privateKey
    const certificate = TlsCertificate.fromPem(pem)
    await visit(t, subject, server, version, [false, true, true], { certificate })
  })
}

define('newest-version-in-common', async (t) => {
  const server = await start(t)
  const connection = await new Client(t, subject, server.port).open()
  t.false(await server.ask(connection))
  t.is(connection.protocolVersion, 'TLSv1.1')
  await connection.close()
})

/** Speaks every version. */
function start(scope: Scope, ...options: string[]): ReturnType<typeof sServer.start> {
  return sServer.start(scope, '-cipher', 'ALL:@SECLEVEL=0', ...options)
}
