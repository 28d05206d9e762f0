import { TicketKeys } from '@tlsio/core'
import {
  gnutlsCli,
  gnutlsCliPrograms,
  nameInGnutls,
  only,
  onlyForGnutls,
  startOurServer,
  testsWith,
} from '@tlsio/real-peers'
import { subject } from './subject.js'

const define = testsWith('gnutls-cli', gnutlsCliPrograms)

for (const version of subject.versions) {
  const pinned = onlyForGnutls(version)
  const spoken = new RegExp(`- Description: \\(${nameInGnutls(version)}-X`)

  for (const ending of ['server', 'client'] as const) {
    for (const requireCloseNotify of [true, false]) {
      const title = `${ending}-ends/require-close-notify-${requireCloseNotify}`
      define(`${version}/${title}`, async (t) => {
        const connection = () => ({ requireCloseNotify })
        const { port, outcomes } = await startOurServer(t, subject, { ending, connection })
        const output = await gnutlsCli(t, port, ...pinned)
        t.regex(output, /The certificate is trusted/)
        t.regex(output, spoken)
        t.deepEqual(await Promise.all(outcomes), [
          { resumed: false, version, serverName: 'localhost', protocol: null, received: 0 },
        ])
      })
    }
  }

  define(`${version}/resumes-by-both-sides-word`, async (t) => {
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
    const output = await gnutlsCli(t, port, ...pinned, '--resume')
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
    const output = await gnutlsCli(t, port, ...pinned, '--resume')
    t.notRegex(output, /\*\*\* This is a resumed session/)
    t.regex(output, /resumed=false\n/)
    t.is((await Promise.all(outcomes)).length, 2)
  })

  define(`${version}/the-servers-version-is-agreed`, async (t) => {
    const connection = () => only(version)
    const { port, outcomes } = await startOurServer(t, subject, { ending: 'server', connection })
    t.regex(await gnutlsCli(t, port), spoken)
    t.is((await outcomes[0])?.version, version)
  })
}

// forge itself never picks another than 1.0.
define('newest-version-in-common', async (t) => {
  const { port, outcomes } = await startOurServer(t, subject, { ending: 'server' })
  t.regex(await gnutlsCli(t, port), /- Description: \(TLS1\.1-X/)
  t.is((await outcomes[0])?.version, 'TLSv1.1')
})
