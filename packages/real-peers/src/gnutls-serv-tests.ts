import { Client } from './client.js'
import { defineEndingTests } from './endings.js'
import { gnutlsServ, gnutlsServPrograms, onlyForGnutls } from './gnutls.js'
import { testsWith } from './programs.js'
import { defineNeverResumesTest, defineResumptionTests, visit } from './resumption.js'
import type { Subject } from './subject.js'

/**
 * Adds tests with `gnutls-serv`, for TLS 1.2 and 1.3:
 * a client meets it, and it says which sessions were resumed.
 */
export function defineGnutlsServTests(subject: Subject): void {
  const define = testsWith('gnutls-serv', gnutlsServPrograms)
  const { start, request, answer } = gnutlsServ

  defineResumptionTests(subject, define, start)
  defineEndingTests(subject, define, start, request, answer)

  define('TLSv1.2/resumes-by-session-id', async (t) => {
    await visit(t, subject, await start(t, '--noticket'), 'TLSv1.2', [false, true, true])
  })

  define('TLSv1.2/resumes-by-ticket', async (t) => {
    await visit(t, subject, await start(t, '--nodb'), 'TLSv1.2', [false, true, true])
  })

  define('TLSv1.3/resumes-by-ticket', async (t) => {
    await visit(t, subject, await start(t, '--nodb'), 'TLSv1.3', [false, true, true])
  })

  defineNeverResumesTest(subject, define, 'TLSv1.2', 'gives-sessions', 'noticket-nodb', (t) =>
    start(t, '--noticket', '--nodb'),
  )
  defineNeverResumesTest(subject, define, 'TLSv1.3', 'gives-none', 'noticket', (t) =>
    start(t, '--noticket'),
  )

  for (const version of subject.versions) {
    define(`${version}/the-servers-version-is-agreed`, async (t) => {
      const server = await start(t, ...onlyForGnutls(version))
      const connection = await new Client(t, subject, server.port).open()
      t.false(await server.ask(connection))
      t.is(connection.protocolVersion, version)
      await connection.close()
    })
  }
}
