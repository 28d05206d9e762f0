import type { CreateBackend } from '@tlsio/conformance'
import {
  type AcceptCertificate,
  TlsCertificateFlags,
  type TlsSession,
  type TlsSessionEvent,
} from '@tlsio/core'
import { withClients } from '../breaking/good.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { withKeptPeersJudged } from '../breaking/resumption.js'
import { withKeysWithout } from '../breaking/session-stores.js'
import type { Mutant } from '../mutant.js'

const otherPort = 'what is cleared there was of another port, and nothing is left'

const ownDatabase = 'a database with a verification of its own trusts like no other'

const apart: readonly Mutant[] = [
  {
    name: 'sessions-kept-by-host-only',
    breaks: 'sessions-kept-apart-by-server',
    showsIn: { 'copy-session-state': otherPort, sessions: otherPort },
    create: withKeysWithout('port', 'protocols', 'minVersion', 'maxVersion'),
  },
  {
    name: 'sessions-kept-by-port-only',
    breaks: 'sessions-kept-apart-by-server',
    create: withKeysWithout('host'),
  },
  {
    // As Node does since 22.23, which binds a session to the letters of the name.
    name: 'sessions-kept-by-the-name-as-spelled',
    breaks: 'sessions-kept-apart-by-server',
    showsIn: { 'copy-session-state': 'a copy goes to a name in other letters' },
    create: withClients((connection) => {
      replace(connection, 'handshake', (handshake) => async (options) => {
        const { serverIdentity } = connection
        const name = serverIdentity && 'hostname' in serverIdentity ? serverIdentity.hostname : ''
        if (name !== name.toLowerCase()) connection.sessionResumption = 'off'
        return handshake(options)
      })
    }),
  },
  {
    name: 'sessions-kept-for-nobody',
    breaks: 'sessions-kept-apart-by-server',
    create: (context) => {
      let ofNobody: TlsSession | undefined
      return withClients((connection) => {
        let isNew = true
        connection.addEventListener('session', (event) => {
          if (connection.serverIdentity === null) ofNobody = (event as TlsSessionEvent).session
        })
        replace(connection, 'handshake', (handshake) => async (options) => {
          const isNobody = connection.serverIdentity === null
          if (isNew && isNobody && ofNobody !== undefined) connection.setSession(ofNobody)
          isNew = false
          return handshake(options)
        })
      })(context)
    },
  },
  {
    name: 'sessions-resumed-across-trust',
    breaks: 'sessions-kept-apart-by-settings',
    showsIn: { 'custom-database': ownDatabase },
    create: withKeysWithout('trust'),
  },
  {
    name: 'sessions-resumed-with-another-client-certificate',
    breaks: 'sessions-kept-apart-by-settings',
    showsIn: { 'custom-database': 'a server judges clients with several certificates there' },
    create: withKeysWithout('certificate'),
  },
  {
    name: 'sessions-resumed-with-other-protocols',
    breaks: 'sessions-kept-apart-by-settings',
    create: withKeysWithout('protocols'),
  },
  {
    name: 'sessions-resumed-with-other-versions',
    breaks: 'sessions-kept-apart-by-settings',
    create: withKeysWithout('minVersion', 'maxVersion'),
  },
]

const copies = { 'copy-session-state': 'a copied session is judged by the same check' }

const { EXPIRED, UNKNOWN_CA } = TlsCertificateFlags

const askedAgain = 'the same certificate is asked about by several connections there'

const anew: readonly Mutant[] = [
  {
    name: 'identity-not-checked-on-resumption',
    breaks: 'resumption-judges-the-peer-anew',
    showsIn: copies,
    create: withKeptPeersJudged((verify, certificate, options) =>
      verify(certificate, { ...options, identity: undefined }),
    ),
  },
  {
    name: 'identity-checked-by-nobody-on-resumption',
    breaks: 'resumption-judges-the-peer-anew',
    showsIn: copies,
    create: withKeptPeersJudged(
      (verify, certificate, options) => verify(certificate, { ...options, identity: undefined }),
      withKeysWithout('host'),
    ),
  },
  {
    // Sessions are found whatever is trusted, and whoever was trusted once is.
    name: 'trust-not-checked-on-resumption',
    breaks: 'resumption-judges-the-peer-anew',
    showsIn: { 'custom-database': ownDatabase },
    create: withKeptPeersJudged(
      async (verify, certificate, options) => (await verify(certificate, options)) & ~UNKNOWN_CA,
      withKeysWithout('trust'),
    ),
  },
  {
    name: 'validity-not-checked-on-resumption',
    breaks: 'resumption-judges-the-peer-anew',
    showsIn: copies,
    create: withKeptPeersJudged(
      async (verify, certificate, options) => (await verify(certificate, options)) & ~EXPIRED,
    ),
  },
  {
    name: 'certificate-accepted-once-accepted-by-all',
    breaks: 'resumption-asks-the-application-anew',
    showsIn: { ...copies, 'peer-verification': askedAgain },
    create: withMemory((accepted, ask) => async (certificate, errors) => {
      return accepted.has(certificate.pem) || (await ask?.(certificate, errors)) === true
    }),
  },
  {
    name: 'application-asked-once',
    breaks: 'resumption-asks-the-application-anew',
    showsIn: {
      'peer-verification': askedAgain,
      'copy-session-state': 'an application is asked with a copy and without',
    },
    create: withMemory((accepted, ask) => {
      return (
        ask && ((certificate, errors) => accepted.has(certificate.pem) || ask(certificate, errors))
      )
    }),
  },
]

/** The clients of a backend know which certificates their applications have accepted so far. */
function withMemory(
  change: (
    accepted: ReadonlySet<string>,
    ask: AcceptCertificate | undefined,
  ) => AcceptCertificate | undefined,
): CreateBackend {
  return (context) => {
    const accepted = new Set<string>()
    return withClients((connection) => {
      replaceGetter(connection, 'acceptCertificate', (former) => {
        const ask = former()
        return change(
          accepted,
          ask &&
            (async (certificate, errors) => {
              const answer = await ask(certificate, errors)
              if (answer) accepted.add(certificate.pem)
              return answer
            }),
        )
      })
    })(context)
  }
}

/** What a session may be used for, and by whom. */
export const resumptionSafetyMutants: readonly Mutant[] = [...apart, ...anew]
