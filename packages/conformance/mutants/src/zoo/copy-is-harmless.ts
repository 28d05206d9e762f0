import { IoError, type TlsClientConnection, TlsError } from '@tlsio/core'
import { withCopy } from '../breaking/copies.js'
import { withClients } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

/** Whatever a case copies for, it looks at what that returns. */
const told = 'sessions are copied there, too, and nothing may be returned'

export const copyIsHarmlessMutants: readonly Mutant[] = [
  {
    name: 'copy-reports-success',
    breaks: 'copy-harmless-from-any-source',
    showsIn: {
      sessions: told,
      'channel-binding': told,
      'client-authentication': told,
      'custom-database': told,
      'session-resumption': told,
    },
    create: withCopy((copy) => (source) => {
      copy(source)
      return true
    }),
  },
  {
    name: 'copy-throws-for-a-closed-source',
    breaks: 'copy-harmless-from-any-source',
    showsIn: {
      'session-resumption': 'a copy of a closed connection is how one of its cases resumes',
    },
    create: withCopy((copy) => (source) => {
      if (source?.closed) throw new IoError('IO_CLOSED', 'The source is closed.')
      copy(source)
    }),
  },
  {
    name: 'copy-throws-for-another-backend',
    breaks: 'copy-harmless-from-any-source',
    create: (context) => {
      const own = new WeakSet<TlsClientConnection>()
      return withClients((target) => {
        own.add(target)
        replace(target, 'copySessionState', (copy) => (source) => {
          copy(source)
          if (own.has(source)) return
          throw new TlsError('TLS_SESSION_MISMATCH', 'The source is of another backend.')
        })
      })(context)
    },
  },
  {
    name: 'copy-throws-without-a-session',
    breaks: 'copy-harmless-from-any-source',
    create: withCopy((copy) => (source) => {
      copy(source)
      if (source.sessionResumption === 'off') {
        throw new TlsError('TLS_NOT_SUPPORTED', 'The source has no sessions.')
      }
    }),
  },
  {
    name: 'copy-fails-later',
    breaks: 'copy-harmless-from-any-source',
    create: withCopy((copy) => (source) => {
      copy(source)
      void source.getSession({ wait: 0 })
    }),
  },
  {
    name: 'copy-throws-after-the-handshake',
    breaks: 'copy-harmless-to-any-target',
    create: withCopy((copy, target) => (source) => {
      copy(source)
      if (target.protocolVersion !== null) {
        throw new TypeError('copySessionState() comes before the handshake.')
      }
    }),
  },
  {
    name: 'copy-throws-for-a-closed-target',
    breaks: 'copy-harmless-to-any-target',
    create: withCopy((copy, target) => (source) => {
      copy(source)
      if (target.closed) throw new IoError('IO_CLOSED', 'The connection is closed.')
    }),
  },
  {
    name: 'copy-throws-the-second-time',
    breaks: 'copy-harmless-to-any-target',
    create: withClients((target) => {
      let first: TlsClientConnection | undefined
      replace(target, 'copySessionState', (copy) => (source) => {
        copy(source)
        if (source === first) throw new TypeError('It has been copied from already.')
        first = source
      })
    }),
  },
]
