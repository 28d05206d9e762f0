import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { client as clientFixture, forA } from '@tlsio/conformance/fixtures'
import { TlsCertificate } from '@tlsio/core'
import { Client, only } from './client.js'
import { defineEndingTests } from './endings.js'
import { ocspResponse, onlyForOpenssl, opensslPrograms, sServer } from './openssl.js'
import { scratchFolder } from './peer.js'
import { testsWith } from './programs.js'
import { defineNeverResumesTest, defineResumptionTests, visit } from './resumption.js'
import type { Subject } from './subject.js'

/**
 * Adds tests with `openssl s_server`, for TLS 1.2 and 1.3:
 * a client meets it, and it says which sessions were resumed.
 */
export function defineSServerTests(subject: Subject): void {
  const define = testsWith('openssl-s_server', opensslPrograms)
  const { start, request, answer } = sServer

  defineResumptionTests(subject, define, start)
  defineEndingTests(subject, define, start, request, answer)

  define('TLSv1.2/resumes-by-session-id', async (t) => {
    await visit(t, subject, await start(t, '-no_ticket'), 'TLSv1.2', [false, true, true])
  })

  define('TLSv1.3/resumes-by-tickets-of-a-cache', async (t) => {
    await visit(t, subject, await start(t, '-no_ticket'), 'TLSv1.3', [false, true, true])
  })

  define('TLSv1.3/five-tickets-one-for-each-connection', async (t) => {
    const server = await start(t, '-num_tickets', '5')
    await visit(t, subject, server, 'TLSv1.3', [false, true, true, true, true, true, true])
  })

  defineNeverResumesTest(subject, define, 'TLSv1.2', 'gives-none', 'no_ticket-no_cache', (t) =>
    start(t, '-no_ticket', '-no_cache'),
  )
  defineNeverResumesTest(subject, define, 'TLSv1.3', 'gives-sessions', 'no_ticket-no_cache', (t) =>
    start(t, '-no_ticket', '-no_cache'),
  )
  defineNeverResumesTest(subject, define, 'TLSv1.3', 'gives-none', 'num_tickets-0', (t) =>
    start(t, '-num_tickets', '0'),
  )

  define('TLSv1.3/resumes-after-hello-retry-request', async (t) => {
    // Node offers X25519 and P-256 first.
    await visit(t, subject, await start(t, '-groups', 'P-384'), 'TLSv1.3', [false, true, true])
  })

  for (const version of subject.versions) {
    define(`${version}/the-servers-version-is-agreed`, async (t) => {
      const server = await start(t, ...onlyForOpenssl(version))
      const connection = await new Client(t, subject, server.port).open()
      t.false(await server.ask(connection))
      t.is(connection.protocolVersion, version)
      await connection.close()
    })

    define(`${version}/no-version-in-common`, async (t) => {
      const other = version === 'TLSv1.2' ? 'TLSv1.3' : 'TLSv1.2'
      const { port } = await start(t, ...onlyForOpenssl(other))
      const connection = await new Client(t, subject, port, only(version)).open()
      await t.throwsAsync(connection.handshake(), { code: 'TLS_HANDSHAKE' })
      await connection.close()
    })

    define(`${version}/resumes-with-a-client-certificate`, async (t) => {
      const server = await start(t, '-Verify', '2', '-verify_return_error', '-CAfile', 'ca.pem')
      const pem = clientFixture.certificate + clientFixture.privateKey
      const certificate = TlsCertificate.fromPem(pem)
      await visit(t, subject, server, version, [false, true, true], { certificate })
    })

    define(`${version}/staples-an-ocsp-response`, async (t) => {
      const file = await ocspResponse(await scratchFolder(t))
      const server = await start(t, '-status_file', file)
      const client = new Client(t, subject, server.port, {
        ...only(version),
        requestOcspStaple: true,
      })
      const staples: (Uint8Array | null)[] = []
      for (const resumed of [false, true]) {
        const connection = await client.open()
        t.is(await server.ask(connection), resumed)
        staples.push(connection.ocspStaple)
        await connection.close()
      }
      t.deepEqual(staples, [new Uint8Array(await readFile(file)), null])
    })

    define(`${version}/resumes-with-an-rsa-key`, async (t) => {
      const folder = await scratchFolder(t)
      const [pem, key] = [join(folder, 'a.pem'), join(folder, 'a.key')]
      await writeFile(pem, forA.certificate)
      await writeFile(key, forA.privateKey)
      const server = await start(t, '-cert', pem, '-key', key)
      const serverIdentity = { hostname: 'a.test' }
      await visit(t, subject, server, version, [false, true], { serverIdentity })
    })
  }
}
