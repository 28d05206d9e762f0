import type { ClientConnectionOptions } from '../backend.js'
import { TlsCertificate } from '../certificate.js'
import { type TlsClientConnection, TlsSessionEvent } from '../client-connection.js'
import { NOBODY_TRUSTED, TlsDatabase } from '../database.js'
import type { DtlsClientConnection } from '../datagram/dtls-client-connection.js'
import type {
  ClientHandshakeParameters,
  DriverEvents,
  HandshakeResult,
  SessionState,
  TlsDriver,
} from '../driver.js'
import { type IoError, TlsError } from '../errors.js'
import { certificateFromPeer } from '../peer-chain.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import {
  type CanonicalIdentity,
  canonicalIdentity,
  type ServerIdentity,
  serverNameFor,
} from '../server-identity.js'
import { ClientSessions, type OfferedSession } from '../session/client-sessions.js'
import type { SessionPolicy } from '../session/session-eligibility.js'
import { sessionKey } from '../session/session-key.js'
import type { SessionResumption } from '../session/session-resumption.js'
import type { SessionStore } from '../session/session-store.js'
import { type GetSessionOptions, TlsSession } from '../session/tls-session.js'
import type { IoStream } from '../streams/io-stream.js'
import { abortable } from './abortable.js'
import { type ConnectionEnvironment, TlsConnectionBase } from './connection-base.js'
import { type AcceptDecision, type PeerChain, verifyPeer } from './peer-verification.js'
import {
  advertisedProtocolsOf,
  applyOptions,
  keyLogOf,
  requireAbilities,
  requireUsableKey,
  speaksTls,
  versionRange,
} from './settings.js'

/** What a client connection gets from its backend. */
export interface ClientEnvironment extends ConnectionEnvironment {
  readonly sessionStore: SessionStore
  createDriver(stream: IoStream, events: DriverEvents): TlsDriver<ClientHandshakeParameters>
}

/** The settings of one handshake, copied when it starts. */
interface ClientHandshake extends SessionPolicy {
  readonly certificate: TlsCertificate | undefined
  readonly certificateSettings: string
  readonly advertisedProtocols: readonly string[]
  readonly requestOcspStaple: boolean
  readonly resumption: boolean
}

/** Core's client connection: identity, trust and sessions, the same for every backend. */
export class ClientConnectionBase extends TlsConnectionBase implements TlsClientConnection {
  declare protected readonly environment: ClientEnvironment
  protected readonly role = 'client'
  readonly #keyLog: ((line: string) => void) | undefined
  readonly #sessions: ClientSessions
  readonly #versions: { readonly min: TlsProtocolVersion; readonly max: TlsProtocolVersion }
  readonly #early: SessionState[] = []
  readonly #waiting = new Set<() => void>()
  #serverIdentity: ServerIdentity | null = null
  #canonicalIdentity: CanonicalIdentity | null = null
  #sessionResumption: SessionResumption = 'automatic'
  #requestOcspStaple = false
  /** What the engine took, in milliseconds: about what the server needs to send a ticket. */
  #handshakeDuration = 0
  #interactionFailure: { readonly error: unknown } | undefined
  #acceptedCas: readonly Uint8Array[] | null = null
  #shown: TlsCertificate | undefined
  #describe: ((state: SessionState | undefined) => TlsSession) | undefined

  constructor(environment: ClientEnvironment, stream: IoStream, options: ClientConnectionOptions) {
    super(environment, stream)
    this.#versions = versionRange(environment, options)
    this.#keyLog = keyLogOf(environment, options)
    this.#sessions = new ClientSessions(environment.sessionStore, environment.clock)
    this.sessionResumption = options.sessionResumption ?? 'automatic'
    this.serverIdentity = options.serverIdentity ?? null
    this.requestOcspStaple = options.requestOcspStaple ?? false
    applyOptions(this, options)
  }

  get sessionResumption(): SessionResumption {
    return this.#sessionResumption
  }

  set sessionResumption(value: SessionResumption) {
    if (value !== 'automatic' && value !== 'off') {
      throw new TypeError(
        `sessionResumption is 'automatic' or 'off', not ${JSON.stringify(value)}.`,
      )
    }
    this.#sessionResumption = value
  }

  get serverIdentity(): ServerIdentity | null {
    return this.#serverIdentity
  }

  set serverIdentity(identity: ServerIdentity | null) {
    this.#canonicalIdentity = identity === null ? null : canonicalIdentity(identity)
    this.#serverIdentity = identity === null ? null : Object.freeze({ ...identity })
  }

  get acceptedCas(): readonly Uint8Array[] | null {
    return this.result?.acceptedCas ?? this.#acceptedCas
  }

  get requestOcspStaple(): boolean {
    return this.#requestOcspStaple
  }

  set requestOcspStaple(value: boolean) {
    if (typeof value !== 'boolean') throw new TypeError('requestOcspStaple is true or false.')
    const { environment } = this
    if (value && !environment.supports.ocspStapling && speaksTls(environment)) {
      throw environment.refuse('OCSP staples', ({ ocspStapling }) => ocspStapling)
    }
    this.#requestOcspStaple = value
  }

  get ocspStaple(): Uint8Array | null {
    return this.result?.ocspStaple ?? null
  }

  copySessionState(source: TlsClientConnection): void {
    if (!isClientConnection(source)) {
      throw new TypeError('copySessionState() needs a client connection to copy from.')
    }
    // Any other class has nothing that this one could read.
    if (#sessions in source) this.#sessions.copyFrom(source.#sessions)
  }

  async getSession(options: GetSessionOptions = {}): Promise<TlsSession> {
    options.signal?.throwIfAborted()
    this.#requireSessions()
    this.throwIfFailed()
    const describe = this.#describe
    if (describe === undefined) {
      throw new TlsError('TLS_MISC', 'There is no session before the handshake is complete.')
    }
    if (this.#mayBringSession) {
      await abortable(this.#nextSession(options.wait ?? this.#handshakeDuration), options.signal)
    }
    return this.#sessions.newest ?? this.#sessions.resumed ?? describe(undefined)
  }

  setSession(session: TlsSession | null): void {
    if (!this.isNew) throw new TypeError('setSession() comes before the handshake.')
    if (session !== null) {
      this.#requireSessions()
      this.#requireUsable(session)
    }
    this.#sessions.set(session)
  }

  protected get serverCertificate(): TlsCertificate | null {
    return this.peerCertificate
  }

  protected async performHandshake(accept: AcceptDecision): Promise<HandshakeResult> {
    const { certificateRequest } = this.environment.supports
    // Settings are copied in the tick of the call, unless somebody has to be asked first.
    if (certificateRequest === 'before-handshake' && this.#mayAsk) await this.#askForCertificate()
    const settings = await this.#copySettings()
    const offered = await this.#offer(settings, accept)
    const driver = this.environment.createDriver(this.stream, {
      session: (state) => this.#receive(state),
    })
    const detectTruncation = this.requireCloseNotify
    this.setDriver(driver, detectTruncation)
    const started = this.environment.clock.monotonicNow()
    // Each by its name: a spread of so many costs more than anything else here.
    const { certificate, advertisedProtocols, minVersion, maxVersion } = settings
    const result = await driver.handshake({
      certificate,
      advertisedProtocols,
      minVersion,
      maxVersion,
      requestOcspStaple: settings.requestOcspStaple,
      detectTruncation,
      keyLog: this.#keyLog,
      openToken: this.openToken,
      settingsKey: settingsKeyOf(settings),
      anchors: TlsDatabase.anchorBytesOf(settings.database),
      serverName: serverNameFor(settings.identity),
      session: offered && TlsSession.dataOf(offered.session),
      wantSessions: settings.resumption,
      requestCertificate: (acceptedCas) => this.#answerRequest(acceptedCas),
    })
    this.#handshakeDuration = this.environment.clock.monotonicNow() - started
    const resumed = hasResumed(result, offered)
    this.#sessions.settle(resumed)
    const chain = await this.#judge(result, resumed ? offered : undefined, settings, accept)
    this.#keepSessions(await this.#authenticated(settings), result, chain)
    const ocspStaple = stapleOf(result, resumed, settings)
    return ocspStaple === result.ocspStaple ? result : { ...result, ocspStaple }
  }

  /**
   * In TLS 1.3 a server refuses a client without certificate after the handshake, perhaps by just
   * dropping the connection. As long as nothing was read, that is the likely reason of any failure.
   */
  protected override explainFailure(error: unknown): unknown {
    const cause = error as Partial<TlsError | IoError>
    const isFailure = error instanceof TlsError || cause.code === 'IO_BROKEN_PIPE'
    if (this.hasRead || !isFailure || this.result?.isSessionResumed === true) return error
    const isSaid = cause.code === 'TLS_CERTIFICATE_REQUIRED'
    const isLikely = this.result?.certificateRequested === true && this.certificate === undefined
    if (!isSaid && !isLikely && this.#interactionFailure === undefined) return error
    if (this.#interactionFailure !== undefined) return this.#interactionFailure.error
    if (isSaid) return error
    const message = 'The server wanted a certificate and dropped the connection without one.'
    return new TlsError('TLS_CERTIFICATE_REQUIRED', message, { cause: error })
  }

  protected handshakeFailed(error: unknown): void {
    this.#early.length = 0
    const peerAnswered = error instanceof TlsError && error.code !== 'TLS_NOT_TLS'
    this.#sessions.dropOffered(peerAnswered)
  }

  protected connectionBroken(error: TlsError): void {
    // Since TLS 1.3 a missing close_notify says nothing about the tickets (RFC 8446 §6.1).
    if (error.code !== 'TLS_EOF' || this.result?.protocolVersion !== 'TLSv1.3') {
      this.#sessions.dropReceived()
    }
  }

  /** Who the application knows this connection as, and is asked for a certificate for. */
  protected get face(): TlsClientConnection | DtlsClientConnection {
    return this
  }

  /** There is no certificate, and somebody who may have one. */
  get #mayAsk(): boolean {
    return this.certificate === undefined && this.interaction?.requestCertificate !== undefined
  }

  /** A failure does not end the handshake: the server may do without a certificate. */
  async #askForCertificate(): Promise<void> {
    try {
      const options = { signal: this.handshakeSignal }
      await this.ask(async () => this.interaction?.requestCertificate?.(this.face, options))
    } catch (error) {
      this.#interactionFailure = { error }
    }
  }

  /** The server asks, and the engine waits: a certificate that was set meanwhile counts, too. */
  async #answerRequest(acceptedCas: readonly Uint8Array[]): Promise<TlsCertificate | undefined> {
    this.#acceptedCas = acceptedCas
    if (this.#mayAsk) await this.#askForCertificate()
    const certificate = this.certificate
    requireUsableKey(certificate, this.environment)
    this.#shown = certificate
    return certificate
  }

  /**
   * The settings as they turned out: sessions belong to whom we have shown ourselves as, even if
   * that was decided only when the server asked.
   */
  async #authenticated(settings: ClientHandshake): Promise<ClientHandshake> {
    const certificate = this.#shown
    if (certificate === undefined || certificate === settings.certificate) return settings
    const used = {
      ...settings,
      certificate,
      certificateFingerprint: await certificate.fingerprint(),
    }
    this.#sessions.rekey(storeKeyOf(used))
    return used
  }

  async #copySettings(): Promise<ClientHandshake> {
    const { environment, certificate, interaction } = this
    const requestOcspStaple = this.#requestOcspStaple
    const now = environment.clock.now()
    requireAbilities(this, environment)
    if (
      certificate !== undefined &&
      !environment.supports.clientCertificates &&
      speaksTls(environment)
    ) {
      throw environment.refuse('client certificates', (supports) => supports.clientCertificates)
    }
    const database = this.database === undefined ? environment.defaultDatabase() : this.database
    const identity = this.#canonicalIdentity
    const advertisedProtocols = advertisedProtocolsOf(this.advertisedProtocols, environment)
    const resumption =
      this.sessionResumption === 'automatic' && environment.supports.sessionResumption
    const trustFingerprint = database === null ? NOBODY_TRUSTED : await database.fingerprint()
    const certificateFingerprint = certificate === undefined ? '' : await certificate.fingerprint()
    const certificateSettings =
      certificate === undefined ? '' : await TlsCertificate.settingsKeyOf(certificate)
    return {
      backendName: this.backendName,
      identity,
      database,
      purpose: 'serverAuth',
      now,
      interaction,
      throwIfGivenUp: () => this.throwIfFailed(),
      signal: () => this.handshakeSignal,
      certificate,
      trustFingerprint,
      certificateFingerprint,
      certificateSettings,
      minVersion: this.#versions.min,
      maxVersion: this.#versions.max,
      advertisedProtocols,
      requestOcspStaple,
      resumption,
    }
  }

  async #offer(
    settings: ClientHandshake,
    accept: AcceptDecision,
  ): Promise<OfferedSession | undefined> {
    if (!settings.resumption) return undefined
    return this.#sessions.choose(storeKeyOf(settings), settings, accept)
  }

  /** Judges the peer, tells the application, and throws if it is not accepted. */
  async #judge(
    result: HandshakeResult,
    offered: OfferedSession | undefined,
    settings: ClientHandshake,
    accept: AcceptDecision,
  ): Promise<Omit<PeerChain, 'certificate'>> {
    if (offered !== undefined) {
      this.setPeer(offered.peer.certificate, offered.peer.verification)
      const { peerChain: ders, engineErrors } = TlsSession.factsOf(offered.session)
      return { ders, engineErrors }
    }
    const { peerChain: ders, chainErrors: engineErrors } = result
    if (ders.length === 0) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'The server showed no certificate.')
    }
    const peer = { certificate: certificateFromPeer(ders), ders, engineErrors }
    const { identity } = settings
    const expected = identity === null ? 'no server identity was set' : `expected ${identity.host}`
    const verdict = await verifyPeer(peer, settings, this.environment.clock.now())
    await this.decide(peer.certificate, verdict, accept, expected, result.chainProblem)
    return peer
  }

  /** From now on sessions are kept; those that came during the handshake (TLS 1.2) are kept now. */
  #keepSessions(
    settings: ClientHandshake,
    result: HandshakeResult,
    chain: Omit<PeerChain, 'certificate'>,
  ): void {
    const facts = {
      backendName: this.backendName,
      protocolVersion: result.protocolVersion,
      cipherSuite: result.cipherSuite,
      identity: settings.identity,
      peerCertificate: this.peerCertificate,
      peerCertificateErrors: this.peerCertificateErrors,
      peerChain: chain.ders,
      engineErrors: chain.engineErrors,
      trustFingerprint: settings.trustFingerprint,
      certificateFingerprint: settings.certificateFingerprint,
      negotiatedProtocol: result.negotiatedProtocol,
    }
    const { clock } = this.environment
    this.#describe = (state) =>
      new TlsSession({ ...facts, receivedAt: clock.monotonicNow() }, state)
    for (const state of this.#early.splice(0)) this.#receive(state)
  }

  #receive(state: SessionState): void {
    if (this.#describe === undefined) {
      this.#early.push(state)
      return
    }
    const session = this.#describe(state)
    // Who accepted a bad certificate once has not accepted it for the next ten minutes.
    this.#sessions.receive(session, this.peerCertificateErrors === 0)
    for (const resolve of this.#waiting) resolve()
    this.dispatchEvent(new TlsSessionEvent(session))
  }

  #nextSession(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        this.#waiting.delete(done)
        resolve()
      }
      const cancel = this.environment.clock.after(wait, done)
      this.#waiting.add(done)
    })
  }

  /**
   * TLS 1.3 brings tickets after the handshake; an older version may announce its session a turn
   * late.
   */
  get #mayBringSession(): boolean {
    if (this.closed || this.#sessions.newest !== undefined) return false
    return this.result?.protocolVersion === 'TLSv1.3' || this.#sessions.resumed === undefined
  }

  #requireSessions(): void {
    if (!speaksTls(this.environment)) {
      const message = `Backend "${this.backendName}" cannot do TLS, so it has no sessions.`
      throw new TlsError('TLS_UNAVAILABLE', message)
    }
    if (!this.environment.supports.sessionResumption) {
      throw this.environment.refuse('sessions', ({ sessionResumption }) => sessionResumption)
    }
    if (this.sessionResumption === 'off') {
      throw new TlsError('TLS_NOT_SUPPORTED', 'Session resumption is off for this connection.')
    }
  }

  #requireUsable(session: TlsSession): void {
    if (!(session instanceof TlsSession)) throw new TypeError('setSession() needs a TlsSession.')
    if (session.backendName !== this.backendName) {
      throw new TlsError(
        'TLS_SESSION_MISMATCH',
        `The session belongs to backend "${session.backendName}", not "${this.backendName}".`,
      )
    }
    if (!session.isResumable) {
      throw new TlsError('TLS_SESSION_MISMATCH', 'The session cannot be resumed.')
    }
  }
}

/** By its shape: it may be a backend's own class, or made by another copy of this package. */
function isClientConnection(value: unknown): value is TlsClientConnection {
  return (
    value instanceof EventTarget &&
    'handshake' in value &&
    typeof (value as Partial<TlsClientConnection>).copySessionState === 'function'
  )
}

/** Key of the store; a connection that expects nobody has none. */
function storeKeyOf(settings: ClientHandshake): string | undefined {
  const { identity } = settings
  return identity === null ? undefined : sessionKey({ ...settings, identity })
}

function settingsKeyOf(settings: ClientHandshake): string {
  const { trustFingerprint, certificateSettings, minVersion, maxVersion } = settings
  return [trustFingerprint, certificateSettings, minVersion, maxVersion].join(' ')
}

/** What was not asked for, or comes without a certificate, is no staple. */
function stapleOf(
  { ocspStaple }: HandshakeResult,
  resumed: boolean,
  { requestOcspStaple }: ClientHandshake,
): Uint8Array | null {
  if (!requestOcspStaple || resumed || !ocspStaple || ocspStaple.length === 0) return null
  return ocspStaple
}

/** Whether the engine resumed what was offered; one that cannot tell shows by the missing chain. */
function hasResumed(result: HandshakeResult, offered: OfferedSession | undefined): boolean {
  const resumed =
    result.isSessionResumed ?? (offered !== undefined && result.peerChain.length === 0)
  if (resumed && offered === undefined) {
    throw new TlsError('TLS_MISC', 'The engine resumed a session that it was not given.')
  }
  return resumed
}
