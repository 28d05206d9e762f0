import type { ServerIdentity, TlsClientConnection, TlsSession, TlsSessionEvent } from '@tlsio/core'
import { canonicalIdentity } from '@tlsio/core/backend'
import { changeClients, withClientSettings } from '../breaking/connections.js'
import { withCopiesStarting, withCopy } from '../breaking/copies.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { withDisguises } from '../breaking/session-stores.js'
import type { Mutant } from '../mutant.js'

const harmless: readonly Mutant[] = [
  {
    name: 'copied-peer-accepted-unseen',
    breaks: 'copy-same-verdict',
    showsIn: {
      'custom-database': 'a database judges the peer of a copy',
    },
    create: withCopy((copy, target) => (source) => {
      copy(source)
      target.acceptCertificate ??= () => true
    }),
  },
  {
    name: 'copy-tells-its-own-verification-only',
    breaks: 'copy-same-facts',
    create: withCopy((copy, target) => (source) => {
      copy(source)
      replaceGetter(target, 'peerVerification', (former) => {
        return target.isSessionResumed === true ? null : former()
      })
    }),
  },
  {
    name: 'application-not-asked-after-a-copy',
    breaks: 'copy-same-questions',
    create: withCopiesStarting((target, source) => {
      const isAccepted = source.peerCertificateErrors !== 0 && source.protocolVersion !== null
      if (isAccepted) target.acceptCertificate = () => true
    }),
  },
  {
    name: 'copy-announced-after-the-end',
    breaks: 'copy-nothing-later',
    create: withCopy((copy, target) => (source) => {
      copy(source)
      replace(target, 'close', (close) => async (options) => {
        await close(options)
        target.dispatchEvent(new Event('change:peerCertificate'))
      })
    }),
  },
  {
    name: 'copy-throws-later',
    breaks: 'copy-nothing-later',
    create: withCopy((copy) => (source) => {
      copy(source)
      if (source.peerCertificate !== null) return
      setImmediate(() => {
        throw new Error('There was nothing to copy.')
      })
    }),
  },
  {
    name: 'copy-announced-to-its-source',
    breaks: 'copy-source-same',
    create: withCopy((copy) => (source) => {
      copy(source)
      source.dispatchEvent(new Event('change:peerCertificate'))
    }),
  },
  {
    name: 'copy-ends-resumption-of-its-source',
    breaks: 'copy-source-same',
    create: withCopiesStarting((_, source) => {
      source.sessionResumption = 'off'
    }),
  },
]

const limits: readonly Mutant[] = [
  {
    name: 'copy-between-names-of-the-same-letters',
    breaks: 'copy-across-names',
    create: withCopiesStarting((target, source) => {
      const [here, there] = [lettersOf(target.serverIdentity), lettersOf(source.serverIdentity)]
      if (here !== there && here.toLowerCase() === there.toLowerCase()) target.setSession(null)
    }),
  },
  {
    name: 'copy-within-names-or-addresses-only',
    breaks: 'copy-across-names',
    create: withCopiesStarting((target, source) => {
      if (kindOf(target.serverIdentity) !== kindOf(source.serverIdentity)) target.setSession(null)
    }),
  },
  {
    // "The control connection was checked, and PASV named the address."
    name: 'address-believed-after-a-copy',
    breaks: 'copy-not-to-an-address',
    create: withCopiesStarting((target, source) => {
      if (kindOf(target.serverIdentity) === 'ip') target.serverIdentity = source.serverIdentity
    }),
  },
  {
    name: 'copy-whoever-the-client-is',
    breaks: 'copy-same-client-certificate',
    create: withDisguises((disguise) => {
      const received = new WeakMap<TlsClientConnection, TlsSession[]>()
      const create = withCopiesStarting(async (target, source) => {
        const certificateFingerprint = (await target.certificate?.fingerprint()) ?? ''
        for (const session of received.get(source) ?? []) {
          disguise(session, { certificateFingerprint })
        }
      })
      return (context) => {
        const backend = create(context)
        changeClients(backend, (connection) => {
          const sessions: TlsSession[] = []
          received.set(connection, sessions)
          connection.addEventListener('session', (event) => {
            sessions.push((event as TlsSessionEvent).session)
          })
        })
        return backend
      }
    }),
  },
  {
    name: 'copy-speaks-the-version-of-its-source',
    breaks: 'copy-same-versions',
    create: (context) => {
      const sources = new WeakMap<TlsClientConnection, TlsClientConnection>()
      const backend = withClientSettings((asked, connection) => {
        const version = sources.get(connection)?.protocolVersion
        if (!version) return asked
        // An engine remembers what it has made for settings: these are others.
        const settingsKey = `${asked.settingsKey} ${version}`
        return { ...asked, settingsKey, minVersion: version, maxVersion: version }
      })(context)
      changeClients(backend, (connection) => {
        replace(connection, 'copySessionState', (copy) => (source) => {
          copy(source)
          sources.set(connection, source)
        })
      })
      return backend
    },
  },
]

function lettersOf(identity: ServerIdentity | null): string {
  if (identity === null) return ''
  return 'hostname' in identity ? identity.hostname : identity.address
}

function kindOf(identity: ServerIdentity | null): string | undefined {
  return identity === null ? undefined : canonicalIdentity(identity).kind
}

/** What a copy may change, and where it goes. */
export const copyChangesNothingMutants: readonly Mutant[] = [...harmless, ...limits]
