import type { SelectCertificate, ServerConnectionOptions } from '../backend.js'
import { TlsCertificate } from '../certificate.js'
import { NOBODY_TRUSTED, TlsDatabase } from '../database.js'
import type { HandshakeResult, ServerHandshakeParameters, TlsDriver } from '../driver.js'
import { TlsError } from '../errors.js'
import { certificateFromPeer } from '../peer-chain.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import type { TlsAuthenticationMode, TlsServerConnection } from '../server-connection.js'
import { ServerSessions } from '../session/server-sessions.js'
import { TicketKeys } from '../session/ticket-keys.js'
import type { IoStream } from '../streams/io-stream.js'
import type { ClientHello } from '../wire/client-hello.js'
import type { PeekedClientHello } from './client-hello-peek.js'
import { type ConnectionEnvironment, TlsConnectionBase } from './connection-base.js'
import { type AcceptDecision, verifyPeer } from './peer-verification.js'
import {
  advertisedProtocolsOf,
  applyOptions,
  keyLogOf,
  requireAbilities,
  requireCertificate,
  requireUsableKey,
  speaksTls,
  versionRange,
} from './settings.js'

/** What a server connection gets from its backend. */
export interface ServerEnvironment extends ConnectionEnvironment {
  /** Ticket keys for connections that were given none: the same for the same certificate. */
  ticketKeysFor(certificateFingerprint: string): TicketKeys
  /** Waits for what the client says first. */
  peekClientHello(stream: IoStream): Promise<PeekedClientHello>
  createDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters>
}

/** Core's server connection, the same for every backend. */
export class ServerConnectionBase extends TlsConnectionBase implements TlsServerConnection {
  declare protected readonly environment: ServerEnvironment
  protected readonly role = 'server'
  readonly #keyLog: ((line: string) => void) | undefined
  readonly #versions: { readonly min: TlsProtocolVersion; readonly max: TlsProtocolVersion }
  readonly #ticketKeys: TicketKeys | undefined
  readonly #selectCertificate: SelectCertificate | undefined
  #authenticationMode: TlsAuthenticationMode = 'none'
  #usedCertificate: TlsCertificate | undefined
  #serverName: string | null = null
  #sessions: ServerSessions | undefined

  constructor(environment: ServerEnvironment, stream: IoStream, options: ServerConnectionOptions) {
    super(environment, stream)
    const { ticketKeys, selectCertificate } = options
    if (ticketKeys !== undefined && !(ticketKeys instanceof TicketKeys)) {
      throw new TypeError('The option ticketKeys must be TicketKeys.')
    }
    if (
      ticketKeys !== undefined &&
      !environment.supports.serverSessionResumption &&
      speaksTls(environment)
    ) {
      throw environment.refuse('ticket keys for servers', (able) => able.serverSessionResumption)
    }
    if (selectCertificate !== undefined && typeof selectCertificate !== 'function') {
      throw new TypeError('The option selectCertificate must be a function.')
    }
    this.#versions = versionRange(environment, options)
    this.#keyLog = keyLogOf(environment, options)
    this.#ticketKeys = ticketKeys
    this.#selectCertificate = selectCertificate
    this.authenticationMode = options.authenticationMode ?? 'none'
    applyOptions(this, options)
  }

  get serverName(): string | null {
    return this.#serverName
  }

  get authenticationMode(): TlsAuthenticationMode {
    return this.#authenticationMode
  }

  set authenticationMode(mode: TlsAuthenticationMode) {
    if (mode !== 'none' && mode !== 'requested' && mode !== 'required') {
      throw new TypeError(`authenticationMode is 'none', 'requested' or 'required', not ${mode}.`)
    }
    const { supports, refuse } = this.environment
    if (mode !== 'none' && !supports.clientAuthentication && supports.server) {
      throw refuse('client authentication', ({ clientAuthentication }) => clientAuthentication)
    }
    this.#authenticationMode = mode
  }

  protected get serverCertificate(): TlsCertificate | undefined {
    return this.#usedCertificate
  }

  protected async performHandshake(accept: AcceptDecision): Promise<HandshakeResult> {
    const { environment } = this
    requireAbilities(this, environment)
    const ours = advertisedProtocolsOf(this.advertisedProtocols, environment)
    const authenticationMode = this.#authenticationMode
    const database = this.#clientDatabase(authenticationMode)
    const configured = this.certificate
    if (configured === undefined && this.#selectCertificate === undefined) throw noCertificate()
    const { hello, stream } = await this.#peek()
    this.#serverName = hello?.serverName?.toLowerCase() ?? null
    const certificate = (await this.#selected(hello)) ?? configured
    if (certificate === undefined) throw noCertificate()
    this.#usedCertificate = certificate
    // All at once the first time; later all are there.
    const digests = [certificate.fingerprint(), TlsCertificate.settingsKeyOf(certificate)] as const
    const trustFingerprint = database === null ? NOBODY_TRUSTED : await database.fingerprint()
    const fingerprint = await digests[0]
    const certificateSettings = await digests[1]
    const driver = environment.createDriver(stream)
    const detectTruncation = this.requireCloseNotify
    this.setDriver(driver, detectTruncation)
    const { min: minVersion, max: maxVersion } = this.#versions
    const settingsKey = [
      certificateSettings,
      trustFingerprint,
      authenticationMode,
      minVersion,
      maxVersion,
    ].join(' ')
    const ticketKeys = this.#ticketKeys ?? environment.ticketKeysFor(fingerprint)
    const sessions = new ServerSessions(ticketKeys, settingsKey, environment.clock)
    const result = await driver.handshake({
      certificate,
      advertisedProtocols: chooseProtocol(ours, hello),
      minVersion,
      maxVersion,
      detectTruncation,
      keyLog: this.#keyLog,
      openToken: this.openToken,
      authenticationMode,
      anchors: TlsDatabase.anchorBytesOf(database),
      settingsKey,
      ticketKeys,
      sessions,
    })
    if (authenticationMode !== 'none') await this.#judgeClient(result, database, accept)
    sessions.commit()
    this.#sessions = sessions
    return result
  }

  // Nothing is kept of a handshake that fails.
  protected handshakeFailed(): void {}

  protected connectionBroken(error: TlsError): void {
    // Since TLS 1.1 a missing close_notify says nothing about the session (RFC 4346 §7.2.1).
    if (error.code !== 'TLS_EOF') this.#sessions?.forget()
  }

  /** Nobody is verified if nobody is asked. */
  #clientDatabase(mode: TlsAuthenticationMode): TlsDatabase | null {
    if (mode === 'none') return null
    return this.database === undefined ? this.environment.defaultDatabase() : this.database
  }

  async #judgeClient(
    result: HandshakeResult,
    database: TlsDatabase | null,
    accept: AcceptDecision,
  ): Promise<void> {
    if (result.peerChain.length === 0) {
      if (this.#authenticationMode !== 'required') return
      throw new TlsError('TLS_CERTIFICATE_REQUIRED', 'The client showed no certificate.')
    }
    const { peerChain: ders, chainErrors: engineErrors } = result
    const peer = { certificate: certificateFromPeer(ders), ders, engineErrors }
    const verdict = await verifyPeer(peer, {
      identity: undefined,
      database,
      purpose: 'clientAuth',
      now: this.environment.clock.now(),
      interaction: this.interaction,
      throwIfGivenUp: () => this.throwIfFailed(),
      signal: () => this.handshakeSignal,
    })
    const expected = 'as a client certificate'
    await this.decide(peer.certificate, verdict, accept, expected, result.chainProblem)
  }

  /** A backend that cannot do TLS refuses at once, without a word from the client. */
  async #peek(): Promise<PeekedClientHello> {
    const { stream, environment } = this
    if (!environment.supports.server) return { hello: undefined, stream }
    return environment.peekClientHello(stream)
  }

  async #selected(hello: ClientHello | undefined): Promise<TlsCertificate | undefined> {
    const select = this.#selectCertificate
    if (select === undefined || hello === undefined) return undefined
    const certificate = await this.ask(async () => select(this.#serverName))
    requireCertificate(certificate)
    requireUsableKey(certificate, this.environment)
    return certificate
  }
}

function noCertificate(): TlsError {
  return new TlsError('TLS_BAD_CERTIFICATE', 'A server connection needs a certificate.')
}

/**
 * The first of ours that the client has, too. Where there is none, GIO goes on without, so the
 * engine is not told of any: it would end the handshake (RFC 7301 §3.2 asks for an alert, which
 * many servers leave out, too).
 */
function chooseProtocol(
  ours: readonly string[],
  hello: ClientHello | undefined,
): readonly string[] {
  if (hello === undefined) return ours
  const chosen = ours.find((protocol) => hello.protocols.includes(protocol))
  return chosen === undefined ? [] : [chosen]
}
