import type { TlsClientConnection } from '@tlsio/core'
import { withClientCallback } from '../breaking/applications.js'
import { withClientsAndDrivers } from '../breaking/client-drivers.js'
import { withClients } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import { judgingOf } from '../breaking/verdicts.js'
import type { Mutant } from '../mutant.js'

/** A client that knows, while its peer is judged and the application perhaps asked, when that is over. */
function whileJudging(
  change: (connection: TlsClientConnection, judged: () => Promise<void> | undefined) => void,
): Mutant['create'] {
  return withClients((connection) => {
    let judged: Promise<void> | undefined
    replace(judgingOf(connection), 'decide', (decide) => async (...about) => {
      let over = () => {}
      judged = new Promise((resolve) => {
        over = () => {
          judged = undefined
          resolve()
        }
      })
      await decide(...about).finally(over)
    })
    change(connection, () => judged)
  })
}

/** The operation, once that is over. */
function after<A extends unknown[], R>(
  moment: () => Promise<void> | undefined,
): (operation: (...args: A) => Promise<R>) => (...args: A) => Promise<R> {
  return (operation) =>
    (...args) => {
      const pending = moment()
      return pending === undefined ? operation(...args) : pending.then(() => operation(...args))
    }
}

export const acceptCertificateMutants: readonly Mutant[] = [
  {
    name: 'application-asked-about-good-certificates',
    breaks: 'application-decides-about-errors',
    create: withClients((connection) => {
      replace(
        judgingOf(connection),
        'decide',
        (decide) =>
          async (certificate, verdict, ...rest) => {
            const { acceptCertificate: ask } = connection
            const accepts = async () => (await ask?.(certificate, 0)) ?? true
            const [accept, ...words] = rest
            await decide(
              certificate,
              verdict,
              verdict.errors === 0 ? { accepts } : accept,
              ...words,
            )
          },
      )
    }),
  },
  {
    name: 'application-asked-twice',
    breaks: 'application-decides-about-errors',
    showsIn: {
      handshake: 'it is counted how often the application is asked',
      'custom-database': 'the same about the verdict of such a database',
      'session-resumption': 'the same when a session was offered',
    },
    create: withClientCallback(
      (ask) => ask && (async (...about) => (await ask(...about)) && ask(...about)),
    ),
  },
  {
    name: 'application-may-say-anything-but-no',
    breaks: 'application-decides-about-errors',
    create: withClientCallback((ask) => ask && (async (...about) => Boolean(await ask(...about)))),
  },
  {
    name: 'application-that-throws-accepts',
    breaks: 'application-decides-about-errors',
    create: withClientCallback(
      (ask) =>
        ask &&
        (async (...about) => {
          try {
            return await ask(...about)
          } catch {
            return true
          }
        }),
    ),
  },
  {
    name: 'application-that-has-yet-to-answer-accepts',
    breaks: 'application-decides-about-errors',
    showsIn: { 'channel-binding': 'there is none after a refusal that took its time' },
    create: withClientCallback((ask) => ask && ((...about) => ask(...about) !== false)),
  },
  {
    name: 'application-that-has-yet-to-answer-rejects',
    breaks: 'application-decides-about-errors',
    create: withClientCallback((ask) => ask && ((...about) => ask(...about) === true)),
  },
  {
    name: 'peer-announced-before-the-answer',
    breaks: 'peer-announced-after-the-answer',
    showsIn: {
      handshake: 'it is looked at what is known when, and at the events',
      'copy-session-state': 'the events of a copy are compared',
    },
    create: withClients((connection) => {
      const judging = judgingOf(connection)
      replace(judging, 'decide', (decide) => async (certificate, verdict, ...rest) => {
        judging.setPeer(certificate, verdict)
        await decide(certificate, verdict, ...rest)
      })
    }),
  },
  {
    name: 'peer-announced-twice',
    breaks: 'peer-announced-after-the-answer',
    showsIn: { handshake: 'it is looked at what is known when, and at the events' },
    create: withClients((connection) => {
      replace(judgingOf(connection), 'setPeer', (setPeer) => (certificate, verification) => {
        setPeer(certificate, verification)
        connection.dispatchEvent(new Event('change:peerCertificate'))
      })
    }),
  },
  {
    name: 'peer-announced-if-it-is-accepted',
    breaks: 'peer-announced-after-the-answer',
    create: withClients((connection) => {
      const judging = judgingOf(connection)
      replace(judging, 'decide', (decide) => async (certificate, verdict, ...rest) => {
        if (connection.acceptCertificate === undefined) return decide(certificate, verdict, ...rest)
        let accepted = () => {}
        replace(judging, 'setPeer', (setPeer) => (...peer) => {
          accepted = () => setPeer(...peer)
        })
        await decide(certificate, verdict, ...rest)
        accepted()
      })
    }),
  },
  {
    name: 'operations-wait-for-the-application',
    breaks: 'nothing-waits-for-itself',
    create: whileJudging((connection, judged) => {
      replace(connection, 'handshake', after(judged))
      replace(connection, 'read', after(judged))
      replace(connection, 'write', after(judged))
    }),
  },
  {
    name: 'close-waits-for-the-application',
    breaks: 'nothing-waits-for-itself',
    create: whileJudging((connection, judged) => {
      replace(connection, 'close', after(judged))
    }),
  },
  {
    name: 'write-goes-out-before-the-verdict',
    breaks: 'no-data-before-the-verdict',
    create: withClientsAndDrivers((connection, driver) => {
      const early: Uint8Array[] = []
      replace(judgingOf(connection), 'decide', (decide) => async (...about) => {
        for (const chunk of early.splice(0)) await driver().write(chunk)
        await decide(...about)
      })
      replace(connection, 'write', (write) => async (chunk, options) => {
        if (connection.protocolVersion !== null || connection.closed) return write(chunk, options)
        early.push(chunk)
        await connection.handshake(options)
        if (early.includes(chunk)) await write(chunk, options)
      })
    }),
  },
  {
    name: 'rejected-peer-sees-an-orderly-end',
    breaks: 'rejected-peer-hears-of-it',
    create: withClientsAndDrivers((connection, driver) => {
      replace(judgingOf(connection), 'decide', (decide) => async (...about) => {
        try {
          await decide(...about)
        } catch (error) {
          await driver().closeWrite()
          await driver().close()
          throw error
        }
      })
    }),
  },
]
