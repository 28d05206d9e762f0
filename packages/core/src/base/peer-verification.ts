import type { TlsCertificate } from '../certificate.js'
import { TlsCertificateFlags } from '../certificate-flags.js'
import type { AcceptCertificate } from '../connection.js'
import { TlsDatabase, type VerifyChainOptions } from '../database.js'
import type { TlsInteraction } from '../interaction.js'
import type { PathFinding, PathPurpose } from '../path-validation/index.js'
import type { CanonicalIdentity, ServerIdentity } from '../server-identity.js'
import type { PeerVerification } from '../verification.js'
import { abortable } from './abortable.js'

/** What a peer has shown, now or in the handshake of the session that is resumed. */
export interface PeerChain {
  /** The leaf, with its issuers linked. */
  readonly certificate: TlsCertificate
  /** DER of all that it sent, the leaf first. */
  readonly ders: readonly Uint8Array[]
  /** The engine's own verdict; `undefined` if it has none. */
  readonly engineErrors: number | undefined
}

/** What a connection holds its peer's certificate against. */
export interface PeerPolicy {
  /**
   * Who the peer must be; `null` fails every certificate (CVE-2020-13645 took it for "anybody"),
   * and `undefined` is a server's, which expects nobody in particular.
   */
  readonly identity: CanonicalIdentity | null | undefined
  /** What its chain must end at; `null` fails every certificate. */
  readonly database: TlsDatabase | null
  /** What its certificate must be good for. */
  readonly purpose: PathPurpose
  /** Time to judge at, in milliseconds since 1970. */
  readonly now: number
  /** Whom the database may ask. */
  readonly interaction: TlsInteraction | null
  /** Throws its reason if the handshake was given up. */
  readonly throwIfGivenUp: () => void
  /** Ends a verification that may take long: made when it is asked for, since few do. */
  readonly signal: () => AbortSignal
}

/** What came of it, and what kept the database from deciding. */
export interface PeerVerdict extends PeerVerification {
  readonly cause?: unknown
}

/**
 * Judges a peer's certificate by the database of the connection, for every engine and for resumed
 * sessions alike. What the engine found by itself counts as well, unless the database decides
 * otherwise.
 *
 * @param now - time to judge at, if not that of `policy`.
 * @throws the reason why the handshake was given up, if it was.
 */
export async function verifyPeer(
  peer: PeerChain,
  policy: PeerPolicy,
  now: number = policy.now,
): Promise<PeerVerdict> {
  // Nobody is to be asked, perhaps in person, about a handshake that was given up.
  policy.throwIfGivenUp()
  const { engineErrors } = peer
  const database = policy.database ?? trustsNobody
  const { errors, findings, path, cause } = await decide(database, peer, policy, now)
  const nobodyExpected = policy.identity === null ? TlsCertificateFlags.BAD_IDENTITY : 0
  const counted = TlsDatabase.decidesOtherwise(database) ? 0 : (engineErrors ?? 0)
  return { errors: errors | nobodyExpected | counted, findings, path, engineErrors, cause }
}

/** A database that fails, or says nothing that can be understood, has not vouched for anybody. */
async function decide(
  database: TlsDatabase,
  { certificate, ders }: PeerChain,
  { identity, purpose, interaction, throwIfGivenUp, signal }: PeerPolicy,
  now: number,
): Promise<Omit<PeerVerdict, 'engineErrors'>> {
  let findings: readonly PathFinding[] = []
  let path: readonly Uint8Array[] = []
  try {
    const question: VerifyChainOptions = {
      purpose,
      identity: identity && identityFrom(identity),
      time: now,
      others: ders.slice(1),
      interaction,
      onVerdict: (verdict) => {
        findings = verdict.findings
        path = verdict.path
      },
    }
    const errors: unknown = TlsDatabase.decidesOtherwise(database)
      ? await askInTime(database, certificate, question, signal())
      : await database.verifyChain(certificate, question)
    throwIfGivenUp()
    // Who accepts in spite of what it found has found nothing that is wrong.
    if (isFlags(errors)) return { errors, findings: errors === 0 ? [] : findings, path }
    const cause = new TypeError('verifyChain() of the database did not answer with flags.')
    return { errors: TlsCertificateFlags.GENERIC_ERROR, findings, path, cause }
  } catch (cause) {
    throwIfGivenUp()
    return { errors: TlsCertificateFlags.GENERIC_ERROR, findings, path, cause }
  }
}

/** One of the application's own may take as long as it likes, perhaps for ever: an abort does not wait. */
function askInTime(
  database: TlsDatabase,
  certificate: TlsCertificate,
  question: VerifyChainOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const verification = database.verifyChain(certificate, { ...question, signal })
  return abortable(Promise.resolve(verification), signal)
}

function isFlags(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_FLAGS
}

/** Bits beyond those that are known still say that something is wrong. */
const MOST_FLAGS = 0x7fff_ffff

function identityFrom({ kind, host, port }: CanonicalIdentity): ServerIdentity {
  return kind === 'ip' ? { address: host, port } : { hostname: host, port }
}

const trustsNobody = new TlsDatabase()

/** The first few findings as words for a message: which certificate of the path, and what. */
export function describeFindings(findings: readonly PathFinding[]): string[] {
  const told = findings.slice(0, MOST_TOLD).map(({ rule, position, detail }) => {
    const whose = position === 0 ? 'it' : `certificate ${position + 1} of its path`
    return `${rule} of ${whose}: ${detail.replace(/\.$/, '')}`
  })
  const more = findings.length - told.length
  return more > 0 ? [...told, `and ${more} more`] : told
}

const MOST_TOLD = 3

/**
 * Asks the application about a certificate with errors, once for the same certificate and errors:
 * about one kept with a session before the handshake, and not again if the peer then shows just
 * that.
 */
export class AcceptDecision {
  readonly #callback: AcceptCertificate | undefined
  readonly #always: boolean
  #asked: { readonly chain: string; readonly errors: number; readonly answer: boolean } | undefined
  #running = false

  /** Servers ask about every certificate, even one without errors, as GIO's do. */
  constructor(callback: AcceptCertificate | undefined, always: boolean) {
    this.#callback = callback
    this.#always = always
  }

  /** Whether the application is being asked just now. */
  get running(): boolean {
    return this.#running
  }

  /** Whether to go on. A callback that throws rejects. */
  async accepts(certificate: TlsCertificate, errors: number): Promise<boolean> {
    if (errors === 0 && !this.#always) return true
    if (this.#callback === undefined) return false
    const chain = certificate
      .chain()
      .map(({ pem }) => pem)
      .join('')
    if (this.#asked?.chain === chain && this.#asked.errors === errors) return this.#asked.answer
    this.#running = true
    try {
      const answer = (await this.#callback(certificate, errors)) === true
      this.#asked = { chain, errors, answer }
      return answer
    } finally {
      this.#running = false
    }
  }
}
