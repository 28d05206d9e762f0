import { TicketKeys } from '@tlsio/core'
import { only } from './client.js'
import { onlyForOpenssl, opensslPrograms, sClient, sClientWords } from './openssl.js'
import { startOurServer } from './our-server.js'
import { scratchFolder } from './peer.js'
import { testsWith } from './programs.js'
import type { Subject } from './subject.js'

/**
 * Adds tests with `openssl s_client`, for TLS 1.2 and 1.3:
 * a server meets it, and both say which sessions were resumed.
 */
export function defineSClientTests(subject: Subject): void {
  const define = testsWith('openssl-s_client', opensslPrograms)

  for (const version of subject.versions) {
    const pinned = onlyForOpenssl(version)

    for (const ending of ['server', 'client'] as const) {
      for (const requireCloseNotify of [true, false]) {
        const title = `${ending}-ends/require-close-notify-${requireCloseNotify}`
        define(`${version}/${title}`, async (t) => {
          const connection = () => ({ requireCloseNotify })
          const { port, outcomes } = await startOurServer(t, subject, { ending, connection })
          const output = await sClient(t, await scratchFolder(t), port, ...pinned)
          t.regex(output, /^Verify return code: 0 \(ok\)|Verification: OK/m)
          t.deepEqual(await Promise.all(outcomes), [
            { resumed: false, version, serverName: 'localhost', protocol: null, received: 0 },
          ])
        })
      }
    }

    define(`${version}/resumes-by-both-sides-word`, async (t) => {
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
      const folder = await scratchFolder(t)
      t.deepEqual(await sClientWords(t, folder, port, ...pinned, '-sess_out', 'session'), ['New'])
      // A ticket may be offered again: no early data is taken that could be replayed.
      for (let i = 0; i < 2; i++) {
        t.deepEqual(await sClientWords(t, folder, port, ...pinned, '-sess_in', 'session'), [
          'Reused',
        ])
      }
      const served = await Promise.all(outcomes)
      t.deepEqual(
        served.map((each) => each.resumed),
        [false, true, true],
      )
    })

    define(`${version}/other-ticket-keys-are-a-full-handshake`, async (t) => {
      const connection = () => ({ ticketKeys: TicketKeys.generate() })
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
      const folder = await scratchFolder(t)
      t.deepEqual(await sClientWords(t, folder, port, ...pinned, '-sess_out', 'session'), ['New'])
      t.deepEqual(await sClientWords(t, folder, port, ...pinned, '-sess_in', 'session'), ['New'])
      t.is((await Promise.all(outcomes)).length, 2)
    })

    define(`${version}/the-servers-version-is-agreed`, async (t) => {
      const connection = () => only(version)
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
      const output = await sClient(t, await scratchFolder(t), port)
      t.regex(output, new RegExp(`^New, ${version}, Cipher is`, 'm'))
      t.is((await outcomes[0])?.version, version)
    })

    define(`${version}/alpn`, async (t) => {
      const connection = () => ({ advertisedProtocols: ['http/1.1'] })
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
      const output = await sClient(
        t,
        await scratchFolder(t),
        port,
        ...pinned,
        '-alpn',
        'h2,http/1.1',
      )
      t.regex(output, /^ALPN protocol: http\/1\.1$/m)
      t.is((await outcomes[0])?.protocol, 'http/1.1')
    })
  }

  define('TLSv1.2/reconnects-five-times', async (t) => {
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
    const words = await sClientWords(t, await scratchFolder(t), port, '-tls1_2', '-reconnect')
    t.deepEqual(words, ['New', ...Array(5).fill('Reused')])
    const served = await Promise.all(outcomes)
    t.deepEqual(
      served.map((each) => each.resumed),
      [false, ...Array(5).fill(true)],
    )
  })
}
