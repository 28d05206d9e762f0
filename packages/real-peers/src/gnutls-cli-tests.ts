import { TicketKeys } from '@tlsio/core'
import { only } from './client.js'
import { gnutlsCli, gnutlsCliPrograms, nameInGnutls, onlyForGnutls } from './gnutls.js'
import { startOurServer } from './our-server.js'
import { testsWith } from './programs.js'
import type { Subject } from './subject.js'

/**
 * Adds tests with `gnutls-cli`, for TLS 1.2 and 1.3:
 * a server meets it, and both say which sessions were resumed.
 */
export function defineGnutlsCliTests(subject: Subject): void {
  const define = testsWith('gnutls-cli', gnutlsCliPrograms)

  for (const version of subject.versions) {
    const pinned = onlyForGnutls(version)
    const resume = ['--resume', ...(version === 'TLSv1.3' ? ['--waitresumption'] : [])]

    for (const ending of ['server', 'client'] as const) {
      for (const requireCloseNotify of [true, false]) {
        const title = `${ending}-ends/require-close-notify-${requireCloseNotify}`
        define(`${version}/${title}`, async (t) => {
          const connection = () => ({ requireCloseNotify })
          const { port, outcomes } = await startOurServer(t, subject, { ending, connection })
          const output = await gnutlsCli(t, port, ...pinned)
          t.regex(output, /The certificate is trusted/)
          t.deepEqual(await Promise.all(outcomes), [
            { resumed: false, version, serverName: 'localhost', protocol: null, received: 0 },
          ])
        })
      }
    }

    define(`${version}/resumes-by-both-sides-word`, async (t) => {
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
      const output = await gnutlsCli(t, port, ...pinned, ...resume)
      t.regex(output, /\*\*\* This is a resumed session/)
      t.regex(output, /resumed=true\n/)
      const served = await Promise.all(outcomes)
      t.deepEqual(
        served.map((each) => each.resumed),
        [false, true],
      )
    })

    define(`${version}/other-ticket-keys-are-a-full-handshake`, async (t) => {
      const connection = () => ({ ticketKeys: TicketKeys.generate() })
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
      const output = await gnutlsCli(t, port, ...pinned, ...resume)
      t.notRegex(output, /\*\*\* This is a resumed session/)
      t.regex(output, /resumed=false\n/)
      t.is((await Promise.all(outcomes)).length, 2)
    })

    define(`${version}/the-servers-version-is-agreed`, async (t) => {
      const connection = () => only(version)
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
      const output = await gnutlsCli(t, port)
      t.regex(output, new RegExp(`- Description: \\(${nameInGnutls(version)}-`))
      t.is((await outcomes[0])?.version, version)
    })

    define(`${version}/alpn`, async (t) => {
      const connection = () => ({ advertisedProtocols: ['http/1.1'] })
      const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
      const output = await gnutlsCli(t, port, ...pinned, '--alpn', 'h2', '--alpn', 'http/1.1')
      t.regex(output, /- Application protocol: http\/1\.1/)
      t.is((await outcomes[0])?.protocol, 'http/1.1')
    })
  }
}
