import { type PeerVerification, TlsCertificate, TlsCertificateFlags } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import { claiming } from '../breaking/claims.js'
import { withClientHandshake, withServerHandshake } from '../breaking/drivers.js'
import { createGood, withClients } from '../breaking/good.js'
import { replaceGetter } from '../breaking/replace.js'
import { withClientErrors, withClientVerdict } from '../breaking/verdicts.js'
import type { Mutant } from '../mutant.js'

const { UNKNOWN_CA, EXPIRED, NOT_ACTIVATED, BAD_IDENTITY, GENERIC_ERROR } = TlsCertificateFlags

/** The verdict as if core did not look for some things. */
function withoutFindings(verdict: PeerVerification, ignored: readonly string[]): PeerVerification {
  const findings = verdict.findings.filter(({ rule }) => !ignored.includes(rule))
  const found = findings.reduce((all, { flags }) => all | flags, 0)
  const errors = (verdict.errors & BAD_IDENTITY) | (verdict.engineErrors ?? 0) | found
  return { ...verdict, findings, errors }
}

/** The verdict as if neither core nor the engine did, and nothing else was told of it. */
function tolerating(verdict: PeerVerification, ignored: readonly string[]): PeerVerification {
  const { errors } = withoutFindings({ ...verdict, engineErrors: 0 }, ignored)
  return { ...verdict, errors }
}

/** What an engine says, and then says otherwise if its problem is this one of OpenSSL's. */
function blindTo(...problems: readonly string[]) {
  return (result: HandshakeResult): HandshakeResult =>
    result.chainProblem !== undefined && problems.includes(result.chainProblem)
      ? { ...result, chainErrors: 0, chainProblem: undefined }
      : result
}

const leafOnly = (result: HandshakeResult): HandshakeResult => ({
  ...result,
  peerChain: result.peerChain.slice(0, 1),
})

/** The cases of chains show what core makes of it without the links that the engine has. */
const resumedIssuers = 'a resumed connection has the issuers of its peer'

const chains = {
  'chain-verdicts': 'it shows chains of several certificates',
  'custom-database': 'a database is told what else was sent',
}

const chainMutants: readonly Mutant[] = [
  {
    name: 'chain-of-the-leaf-only',
    breaks: 'chain-as-it-comes',
    showsIn: { ...chains, 'session-resumption': resumedIssuers },
    create: withClientHandshake(undefined, leafOnly),
  },
  {
    name: 'chain-unknown-once-is-unknown-for-ever',
    breaks: 'chain-as-it-comes',
    create: (context) => {
      const unknown = new Set<string>()
      return withClientErrors((errors, { pem }, { database }) => {
        if (database === undefined && (errors & UNKNOWN_CA) !== 0) unknown.add(pem)
        return unknown.has(pem) ? errors | UNKNOWN_CA : errors
      })(context)
    },
  },
  {
    name: 'chain-not-linked',
    breaks: 'chain-as-it-comes',
    showsIn: {
      'custom-database': 'a database is asked about the chain of the peer',
      'session-resumption': resumedIssuers,
    },
    create: withClients((connection) => {
      replaceGetter(connection, 'peerCertificate', (former) => {
        const certificate = former()
        return certificate && TlsCertificate.fromDer(certificate.der)
      })
    }),
  },
]

/** A connection that trusts others than the one before makes a full handshake, and must refuse. */
const sessions = {
  'session-resumption': 'a connection that trusts nobody gets no session',
  'copy-session-state': 'a connection that trusts others gets no session',
}

const trustMutants: readonly Mutant[] = [
  {
    name: 'trust-in-an-issuer-that-nobody-knows',
    breaks: 'trust-by-the-database',
    showsIn: {
      'session-resumption': 'it is asked about a server of such an issuer each time',
      'copy-session-state': 'a source that accepted such a server vouches for nobody',
    },
    create: withClientErrors((errors, { subjectName, issuerName }, { database }) =>
      database === undefined && subjectName !== issuerName ? errors & ~UNKNOWN_CA : errors,
    ),
  },
  {
    name: 'trust-in-who-signs-himself',
    breaks: 'trust-by-the-database',
    create: withClientErrors((errors, { subjectName, issuerName }) =>
      subjectName === issuerName ? errors & ~UNKNOWN_CA : errors,
    ),
  },
  {
    name: 'trust-by-the-name-of-the-issuer',
    breaks: 'trust-by-the-database',
    create: withClientVerdict((verdict) => tolerating(verdict, ['bad-signature'])),
  },
  {
    name: 'trust-in-anybody-without-a-database',
    breaks: 'trust-by-the-database',
    showsIn: sessions,
    create: withClientErrors((errors, _, { database }) =>
      database === null ? errors & ~UNKNOWN_CA : errors,
    ),
  },
  {
    name: 'trust-in-anybody-without-anchors',
    breaks: 'trust-by-the-database',
    showsIn: { 'session-resumption': sessions['session-resumption'] },
    create: withClientErrors((errors, _, { database }) =>
      database?.anchors.length === 0 ? errors & ~UNKNOWN_CA : errors,
    ),
  },
  {
    name: 'trust-in-the-default-database-too',
    breaks: 'trust-by-the-database',
    showsIn: sessions,
    create: (context) =>
      withClientVerdict(async (verdict, certificate, { database }) => {
        const ours = database ? await context.defaultDatabase?.verifyChain(certificate) : undefined
        return ours === 0 ? { ...verdict, errors: verdict.errors & ~UNKNOWN_CA } : verdict
      })(context),
  },
  {
    name: 'trust-in-the-default-database-only',
    breaks: 'trust-by-the-database',
    create: (context) =>
      withClientVerdict(async (verdict, certificate, { database }) => {
        const ours = database ? await context.defaultDatabase?.verifyChain(certificate) : undefined
        return { ...verdict, errors: verdict.errors | ((ours ?? 0) & UNKNOWN_CA) }
      })(context),
  },
]

const certificateMutants: readonly Mutant[] = [
  {
    name: 'dates-of-the-past-do-not-count',
    breaks: 'peer-certificate-dates',
    showsIn: { 'copy-session-state': 'no session is copied once the certificate has expired' },
    create: withClientErrors((errors) => errors & ~EXPIRED),
  },
  {
    name: 'dates-of-the-future-do-not-count',
    breaks: 'peer-certificate-dates',
    create: withClientErrors((errors) => errors & ~NOT_ACTIVATED),
  },
  {
    name: 'dates-are-all-expired',
    breaks: 'peer-certificate-dates',
    create: withClientErrors((errors) =>
      (errors & NOT_ACTIVATED) === 0 ? errors : (errors & ~NOT_ACTIVATED) | EXPIRED,
    ),
  },
  {
    name: 'purpose-does-not-count',
    breaks: 'certificate-purpose',
    create: withClientVerdict((verdict) =>
      verdict.findings.some(({ rule }) => rule === 'extended-key-usage')
        ? tolerating(verdict, ['extended-key-usage'])
        : verdict,
    ),
  },
  {
    name: 'purpose-told-as-an-unknown-authority',
    breaks: 'certificate-purpose',
    create: withClientVerdict((verdict) =>
      verdict.findings.some(({ rule }) => rule === 'extended-key-usage')
        ? { ...verdict, errors: (verdict.errors & ~GENERIC_ERROR) | UNKNOWN_CA }
        : verdict,
    ),
  },
  {
    name: 'form-does-not-count',
    breaks: 'certificate-form',
    create: withClientVerdict((verdict) =>
      withoutFindings(verdict, ['profile', 'malformed-extension']),
    ),
  },
  {
    name: 'form-left-to-an-engine-that-does-not-verify',
    breaks: 'certificate-form',
    create: claiming(
      { chainVerification: false },
      withClientVerdict((verdict) => {
        const { findings, errors } = withoutFindings({ ...verdict, engineErrors: 0 }, ['profile'])
        return { ...verdict, findings, errors }
      }),
    ),
  },
  {
    name: 'policies-do-not-count',
    breaks: 'certificate-form',
    create: withClientVerdict((verdict) => withoutFindings(verdict, ['policy'])),
  },
  {
    name: 'first-problem-only',
    breaks: 'all-certificate-errors',
    create: withClientErrors((errors) => errors & -errors),
  },
  {
    name: 'expiry-hides-the-rest',
    breaks: 'all-certificate-errors',
    create: withClientErrors((errors) => ((errors & EXPIRED) === 0 ? errors : EXPIRED)),
  },
]

const engineMutants: readonly Mutant[] = [
  {
    name: 'engine-accepts-any-chain',
    breaks: 'engine-verdict',
    create: withClientHandshake(undefined, (result) => ({ ...result, chainErrors: 0 })),
  },
  {
    name: 'engine-accepts-any-client',
    breaks: 'engine-verdict',
    create: withServerHandshake(undefined, (result) => ({ ...result, chainErrors: 0 })),
  },
  {
    name: 'engine-knows-no-purposes',
    breaks: 'engine-verdict',
    create: withClientHandshake(undefined, blindTo('INVALID_PURPOSE')),
  },
  {
    name: 'engine-knows-no-length-of-paths',
    breaks: 'engine-verdict',
    create: withClientHandshake(undefined, blindTo('PATH_LENGTH_EXCEEDED')),
  },
  {
    name: 'engine-verdict-claimed-and-not-told',
    breaks: 'engine-verdict',
    create: withClientHandshake(undefined, ({ chainErrors: _, ...result }) => result),
  },
  {
    name: 'engine-verdict-told-without-a-claim',
    breaks: 'engine-verdict-only-as-claimed',
    create: claiming({ chainVerification: false }, createGood),
  },
]

export const verificationMutants: readonly Mutant[] = [
  ...chainMutants,
  ...trustMutants,
  ...certificateMutants,
  ...engineMutants,
]
