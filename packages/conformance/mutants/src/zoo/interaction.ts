import { type TlsClientConnection, TlsError, type TlsInteraction } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import { pretending } from '../breaking/claims.js'
import { createGood, withClients } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

type Request = NonNullable<TlsInteraction['requestCertificate']>

/** A client that asks its interaction for a certificate in another way. */
function asking(
  change: (request: Request, connection: TlsClientConnection) => Request,
): Mutant['create'] {
  return withClients((connection) => {
    const { interaction } = connection
    const request = interaction?.requestCertificate?.bind(interaction)
    if (interaction === null || request === undefined) return
    const changed = Object.create(interaction) as TlsInteraction
    changed.requestCertificate = change(request, connection)
    connection.interaction = changed
  })
}

/** A client that tells the failure of its interaction for some of what goes wrong later. */
function explaining(isExplained: (error: unknown, hasRead: boolean) => boolean): Mutant['create'] {
  return asking((request, connection) => {
    let failure: { readonly error: unknown } | undefined
    let hasRead = false
    replace(connection, 'read', (read) => async (options) => {
      try {
        const chunk = await read(options)
        hasRead ||= chunk !== null
        if (chunk === null && failure && isExplained(null, hasRead)) throw failure.error
        return chunk
      } catch (error) {
        if (failure && isExplained(error, hasRead)) throw failure.error
        throw error
      }
    })
    return async (...about) => {
      try {
        return await request(...about)
      } catch (error) {
        failure = { error }
        throw error
      }
    }
  })
}

/** The steps of core's connection before the handshake. */
interface Handshaking {
  performHandshake(accept: unknown): Promise<HandshakeResult>
}

export const interactionMutants: readonly Mutant[] = [
  {
    name: 'interaction-not-asked',
    breaks: 'interaction-gives-the-certificate',
    create: asking(() => async () => 'unhandled'),
  },
  {
    name: 'interaction-asked-although-there-is-a-certificate',
    breaks: 'interaction-gives-the-certificate',
    create: withClients((connection) => {
      const handshaking = connection as unknown as Handshaking
      replace(handshaking, 'performHandshake', (perform) => async (accept) => {
        if (connection.certificate !== undefined) {
          await connection.interaction?.requestCertificate?.(connection, {})
        }
        return perform(accept)
      })
    }),
  },
  {
    name: 'interaction-asked-before-the-server-wants-it',
    breaks: 'interaction-gives-the-certificate',
    create: pretending({ certificateRequest: 'during-handshake' }, createGood),
  },
  {
    name: 'interaction-unhandled-ends-the-handshake',
    breaks: 'interaction-gives-the-certificate',
    create: asking((request, connection) => async (...about) => {
      const result = await request(...about)
      if (result === 'unhandled') connection.abort(new Error('There is no certificate.'))
      return result
    }),
  },
  {
    name: 'interaction-failure-ends-the-handshake',
    breaks: 'interaction-failure-told-if-it-matters',
    create: asking((request, connection) => async (...about) => {
      try {
        return await request(...about)
      } catch (error) {
        connection.abort(error)
        throw error
      }
    }),
  },
  {
    name: 'interaction-failure-forgotten',
    breaks: 'interaction-failure-told-if-it-matters',
    create: asking((request) => async (...about) => {
      try {
        return await request(...about)
      } catch {
        return 'unhandled'
      }
    }),
  },
  {
    name: 'interaction-failure-explains-an-abort',
    breaks: 'interaction-failure-explains-nothing-else',
    create: explaining((error) => error !== null && !(error instanceof TlsError)),
  },
  {
    name: 'interaction-failure-explains-the-end',
    breaks: 'interaction-failure-explains-nothing-else',
    create: explaining((error) => error === null),
  },
  {
    name: 'interaction-failure-explains-what-comes-after-a-read',
    breaks: 'interaction-failure-explains-nothing-else',
    create: explaining((error, hasRead) => error instanceof TlsError && hasRead),
  },
  {
    name: 'operations-wait-for-the-interaction',
    breaks: 'interaction-may-not-wait-for-us',
    create: asking((request, connection) => {
      let answered: Promise<unknown> | undefined
      replace(connection, 'read', (read) => async (options) => {
        await answered
        return read(options)
      })
      return async (...about) => {
        let over = () => {}
        answered = new Promise<void>((resolve) => {
          over = resolve
        })
        return request(...about).finally(over)
      }
    }),
  },
]
