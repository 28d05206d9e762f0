import { askPassword } from '../ask-password.js'
import type { TlsCapabilities } from '../capabilities.js'
import type { TlsCertificate } from '../certificate.js'
import { describeCertificateFlags } from '../certificate-flags.js'
import { TlsChannelBindingError, type TlsChannelBindingType } from '../channel-binding.js'
import type { Clock } from '../clock.js'
import type { AcceptCertificate, TlsChangeEvent, TlsConnection } from '../connection.js'
import type { TlsDatabase } from '../database.js'
import type { HandshakeResult, TlsDriver } from '../driver.js'
import { IoError, TlsError } from '../errors.js'
import type { TlsInteraction } from '../interaction.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import type { IoOptions, IoStream, SocketAddress } from '../streams/io-stream.js'
import { toWebStreams, type WebStreams } from '../streams/web-streams.js'
import { type OpenToken, tokenPins } from '../token-pins.js'
import type { PeerVerification } from '../verification.js'
import { abortable } from './abortable.js'
import { channelBinding } from './channel-bindings.js'
import { closed, Direction } from './direction.js'
import { AcceptDecision, describeFindings, type PeerVerdict } from './peer-verification.js'
import {
  advertisedProtocolsOf,
  requireCallback,
  requireCertificate,
  requireDatabase,
  requireInteraction,
  requireStream,
  speaksTls,
} from './settings.js'

/** What core's connections get from the backend that makes them. */
export interface ConnectionEnvironment {
  readonly backendName: string
  readonly supports: TlsCapabilities
  readonly clock: Clock
  defaultDatabase(): TlsDatabase | null
  /** The error for something the backend cannot do; it names those that can. */
  refuse(what: string, able: (supports: TlsCapabilities) => boolean): TlsError
}

/**
 * The template method of every connection: it owns *when*, for client and server, and calls the
 * backend's {@link TlsDriver} for *how*. The order of checks is GIO's: an abort that already
 * happened, a closed direction, the handshake's sticky error, then the implicit handshake.
 */
export abstract class TlsConnectionBase extends EventTarget implements TlsConnection {
  readonly backendName: string
  protected readonly environment: ConnectionEnvironment
  protected readonly stream: IoStream
  readonly #reading = new Direction<Uint8Array | null>('read')
  readonly #writing = new Direction<void>('write')
  #state: 'new' | 'handshaking' | 'open' | 'failed' = 'new'
  #handshake: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined
  #giveUp: ((reason: unknown) => void) | undefined
  #driver: TlsDriver<never> | undefined
  #accept: AcceptDecision | undefined
  #closing: Promise<void> | undefined
  #closeNotify: Promise<void> | undefined
  #abortedBy: { readonly reason: unknown } | undefined
  /** What was written may still be on its way; an abort now would only take that back. */
  #closedInOrder = false
  #discards = false
  #hasRead = false
  #asking = false
  #handshakeAbort: AbortController | undefined
  #database: TlsDatabase | null | undefined
  #certificate: TlsCertificate | undefined
  #acceptCertificate: AcceptCertificate | undefined
  #interaction: TlsInteraction | null = null
  #advertisedProtocols: readonly string[] | null = null
  #requireCloseNotify = true
  #watchesTruncation = false
  #result: HandshakeResult | undefined
  #peerCertificate: TlsCertificate | null = null
  #peerVerification: PeerVerification | null = null
  #views: WebStreams | undefined

  constructor(environment: ConnectionEnvironment, stream: IoStream) {
    super()
    requireStream(stream)
    this.environment = environment
    this.backendName = environment.backendName
    this.stream = stream
  }

  /**
   * Prepares, calls the driver's handshake, judges the peer and reports it with {@link setPeer}.
   *
   * @returns what was negotiated; core latches it.
   */
  protected abstract performHandshake(accept: AcceptDecision): Promise<HandshakeResult>

  /** The handshake failed: what it offered is not to be offered again. */
  protected abstract handshakeFailed(error: unknown): void

  /**
   * The open connection ended with an error of TLS: a fatal alert, a damaged record, a truncation.
   */
  protected abstract connectionBroken(error: TlsError): void

  get remoteAddress(): SocketAddress | undefined {
    return this.stream.remoteAddress
  }

  get transport(): IoStream {
    return this.stream
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#webStreams.readable
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#webStreams.writable
  }

  get database(): TlsDatabase | null | undefined {
    return this.#database
  }

  set database(database: TlsDatabase | null | undefined) {
    requireDatabase(database)
    this.#database = database
  }

  get certificate(): TlsCertificate | undefined {
    return this.#certificate
  }

  set certificate(certificate: TlsCertificate | undefined) {
    requireCertificate(certificate)
    this.#certificate = certificate
  }

  get acceptCertificate(): AcceptCertificate | undefined {
    return this.#acceptCertificate
  }

  set acceptCertificate(callback: AcceptCertificate | undefined) {
    requireCallback(callback)
    this.#acceptCertificate = callback
  }

  get interaction(): TlsInteraction | null {
    return this.#interaction
  }

  set interaction(interaction: TlsInteraction | null) {
    requireInteraction(interaction)
    this.#interaction = interaction
  }

  get advertisedProtocols(): readonly string[] | null {
    return this.#advertisedProtocols
  }

  set advertisedProtocols(protocols: readonly string[] | null) {
    advertisedProtocolsOf(protocols, this.environment)
    this.#advertisedProtocols = protocols === null ? null : Object.freeze([...protocols])
  }

  get requireCloseNotify(): boolean {
    return this.#requireCloseNotify
  }

  set requireCloseNotify(value: boolean) {
    const tooLate = this.#state !== 'new' && !this.#watchesTruncation
    if (value && tooLate && this.environment.supports.truncationDetection !== 'always') {
      throw new TlsError(
        'TLS_NOT_SUPPORTED',
        `Backend "${this.backendName}" has to know before the handshake that requireCloseNotify is on.`,
      )
    }
    this.#requireCloseNotify = value
  }

  get peerCertificate(): TlsCertificate | null {
    return this.#peerCertificate
  }

  get peerCertificateErrors(): number {
    return this.#peerVerification?.errors ?? 0
  }

  get peerVerification(): PeerVerification | null {
    return this.#peerVerification
  }

  get negotiatedProtocol(): string | null {
    return this.#result?.negotiatedProtocol ?? null
  }

  get protocolVersion(): TlsProtocolVersion | null {
    return this.closed ? null : (this.#result?.protocolVersion ?? null)
  }

  get cipherSuite(): string | null {
    return this.closed ? null : (this.#result?.cipherSuite ?? null)
  }

  get isSessionResumed(): boolean | undefined {
    return this.#result?.isSessionResumed
  }

  get closed(): boolean {
    return this.#reading.closed && this.#writing.closed
  }

  async handshake(options: IoOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    this.#reading.throwIfClosed()
    this.#writing.throwIfClosed()
    await this.#handshaken(options.signal)
  }

  async read(options: IoOptions = {}): Promise<Uint8Array | null> {
    const { signal } = options
    signal?.throwIfAborted()
    this.#reading.begin()
    try {
      if (this.#state !== 'open') await this.#handshaken(signal)
      this.#reading.throwIfClosed()
      const driver = this.#driver as TlsDriver<never>
      const chunk = await this.#reading.run(this.#reading.takeUnderway() ?? driver.read(), signal)
      if (chunk !== null) this.#hasRead = true
      return chunk
    } catch (error) {
      return this.#endOfReading(error)
    } finally {
      this.#reading.end()
    }
  }

  async write(chunk: Uint8Array, options: IoOptions = {}): Promise<void> {
    const { signal } = options
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError('What is written to a connection is a Uint8Array; encode text before.')
    }
    signal?.throwIfAborted()
    this.#writing.begin()
    try {
      if (this.#state !== 'open') await this.#handshaken(signal)
      const earlier = this.#writing.takeUnderway()
      if (earlier !== undefined) await this.#writing.run(earlier, signal)
      this.#writing.throwIfClosed()
      if (chunk.length === 0) return
      const driver = this.#driver as TlsDriver<never>
      await this.#writing.run(driver.write(chunk), signal)
    } catch (error) {
      if (error instanceof TlsError && this.#state === 'open') this.connectionBroken(error)
      throw this.explainFailure(error)
    } finally {
      this.#writing.end()
    }
  }

  async closeWrite(): Promise<void> {
    if (this.#writing.closed) return this.#closeNotify ?? this.#closing
    this.#requireHalfClose()
    if (this.#isAsking) throw busyAsking()
    this.#writing.refuse(closed('The writing side of this connection'))
    await this.#settled()
    await this.#writing.idle()
    if (this.#abortedBy !== undefined) throw this.#abortedBy.reason
    if (this.#state === 'open') await this.#sendCloseNotify()
    if (this.#reading.closed) await this.close()
  }

  async closeRead(): Promise<void> {
    if (this.#reading.closed) return
    this.#requireHalfClose()
    this.#reading.close(closed('The reading side of this connection'))
    this.#discardInput()
    if (this.#writing.closed) await this.close()
  }

  async close(options: IoOptions = {}): Promise<void> {
    const { signal } = options
    signal?.throwIfAborted()
    this.#closing ??= this.#closeInOrder()
    try {
      await abortable(this.#closing, signal)
    } catch (error) {
      if (signal?.aborted) this.abort(error)
      throw error
    }
  }

  abort(reason?: unknown): void {
    if (this.#closedInOrder) return
    const error = reason ?? closed('This connection')()
    this.#abortedBy ??= { reason: error }
    this.#closing ??= Promise.resolve()
    this.#reading.close(() => error)
    this.#writing.close(() => error)
    this.#giveUp?.(error)
    this.#drop(error)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  supportsChannelBinding(type: TlsChannelBindingType): boolean {
    return this.environment.supports.channelBindings.includes(type)
  }

  async getChannelBindingData(type: TlsChannelBindingType): Promise<Uint8Array> {
    const result = this.#result
    if (this.#state !== 'open' || result === undefined || this.closed) {
      throw new TlsChannelBindingError(
        'CHANNEL_BINDING_INVALID_STATE',
        'A channel binding needs an open connection whose handshake is complete.',
      )
    }
    const { backendName, supports } = this.environment
    const driver = this.#driver as TlsDriver<never>
    const { role, serverCertificate } = this
    return channelBinding(type, { backendName, supports, role, result, driver, serverCertificate })
  }

  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array {
    const { supports, refuse } = this.environment
    if (!(Number.isInteger(length) && length >= 1 && length <= 65_535)) {
      throw new RangeError(`Keying material is 1 to 65,535 bytes long, not ${length}.`)
    }
    if (!supports.keyingMaterialExport) {
      throw refuse('keying material export', ({ keyingMaterialExport }) => keyingMaterialExport)
    }
    this.throwIfFailed()
    if (this.closed) throw closed('This connection')()
    if (this.#state !== 'open') {
      throw new TlsError(
        'TLS_MISC',
        'There is no keying material before the handshake is complete.',
      )
    }
    const driver = this.#driver as TlsDriver<never>
    return driver.exportKeyingMaterial?.(label, length, context) as Uint8Array
  }

  /** Which end this is. */
  protected abstract readonly role: 'client' | 'server'

  /** The certificate of the server of this connection. */
  protected abstract get serverCertificate(): TlsCertificate | null | undefined

  /** What an error of an open connection really means. */
  protected explainFailure(error: unknown): unknown {
    return error
  }

  /** Whether anything was read: the peer has then accepted us. */
  protected get hasRead(): boolean {
    return this.#hasRead
  }

  /** Aborts with the handshake. */
  protected get handshakeSignal(): AbortSignal {
    if (this.#handshakeAbort === undefined) {
      this.#handshakeAbort = new AbortController()
      // Whoever gave up at once did so before anybody wanted to hear of it.
      if (this.#failure !== undefined) this.#handshakeAbort.abort(this.#failure.error)
    }
    return this.#handshakeAbort.signal
  }

  /**
   * Asks the application something; operations that it awaits meanwhile fail, or they would wait
   * for ever.
   */
  protected async ask<T>(question: () => Promise<T>): Promise<T> {
    this.#asking = true
    try {
      return await question()
    } finally {
      this.#asking = false
    }
  }

  /** Opens what is in a token, for the driver. */
  protected readonly openToken: OpenToken = (uri, open) => {
    const signal = this.handshakeSignal
    return tokenPins.open(uri, open, {
      ask: (password) => this.ask(() => askPassword(this.#interaction, password, { signal })),
      signal,
    })
  }

  /** The engine's result, once the handshake has succeeded. */
  protected get result(): HandshakeResult | undefined {
    return this.#result
  }

  /** The handshake has not started. */
  protected get isNew(): boolean {
    return this.#state === 'new'
  }

  /** @throws the handshake's error, if it failed. */
  protected throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Makes the driver known, so that an abort reaches it. Called once, before its handshake. */
  protected setDriver(driver: TlsDriver<never>, detectTruncation: boolean): void {
    this.#driver = driver
    this.#watchesTruncation = detectTruncation
    // The handshake may have been given up while the driver was still being prepared.
    if (this.#failure !== undefined) {
      driver.abort(this.#failure.error)
      throw this.#failure.error
    }
  }

  /**
   * Lets the application decide about a peer, then tells it, whatever the verdict.
   *
   * @param expected - in words, for the error.
   * @param chainProblem - in the engine's words, for the error.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if the peer is not accepted.
   */
  protected async decide(
    certificate: TlsCertificate,
    verdict: PeerVerdict,
    accept: AcceptDecision,
    expected: string,
    chainProblem: string | undefined,
  ): Promise<void> {
    const { errors } = verdict
    let accepted = false
    let cause = verdict.cause
    try {
      accepted = await accept.accepts(certificate, errors)
    } catch (error) {
      cause = error
    }
    // It may have been given up while the application was asked.
    this.throwIfFailed()
    const { cause: _, ...verification } = verdict
    this.setPeer(certificate, verification)
    if (accepted) return
    const problem = errors === 0 ? 'nobody accepted it' : describeCertificateFlags(errors)
    const reasons = [...describeFindings(verdict.findings), chainProblem, expected].filter(Boolean)
    const message = `The peer's certificate (${certificate.subjectName}) is not acceptable: ${problem} (${reasons.join('; ')}).`
    throw new TlsError('TLS_BAD_CERTIFICATE', message, { certificateErrors: errors, cause })
  }

  /** Tells the application about the peer's certificate, whatever the verdict. */
  protected setPeer(certificate: TlsCertificate, verification: PeerVerification): void {
    const changed = certificate !== this.#peerCertificate
    const errorsChanged = verification.errors !== this.peerCertificateErrors
    this.#peerCertificate = certificate
    this.#peerVerification = Object.freeze(verification)
    if (changed) this.#notify('change:peerCertificate')
    if (errorsChanged) this.#notify('change:peerCertificateErrors')
  }

  get #webStreams(): WebStreams {
    this.#views ??= toWebStreams(this)
    return this.#views
  }

  /** Runs the handshake, joins the one that runs, or repeats its error. */
  async #handshaken(signal: AbortSignal | undefined): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#state === 'open') return
    if (this.#isAsking) throw busyAsking()
    if (this.#handshake !== undefined) return abortable(this.#handshake, signal)
    this.#reading.throwIfClosed()
    this.#writing.throwIfClosed()
    this.#handshake = this.#runHandshake(signal)
    return this.#handshake
  }

  async #runHandshake(signal: AbortSignal | undefined): Promise<void> {
    this.#state = 'handshaking'
    const accept = new AcceptDecision(this.acceptCertificate, this.role === 'server')
    this.#accept = accept
    const onAbort = () => this.#giveUp?.(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      this.#result = await new Promise<HandshakeResult>((resolve, reject) => {
        this.#giveUp = (reason) => {
          this.#failure ??= { error: reason }
          this.#handshakeAbort?.abort(reason)
          reject(reason)
        }
        this.performHandshake(accept).then(resolve, reject)
      })
      this.#state = 'open'
      if (this.#reading.closed) this.#discardInput()
      if (this.#result.negotiatedProtocol !== null) this.#notify('change:negotiatedProtocol')
    } catch (error) {
      this.#failure ??= { error }
      this.#state = 'failed'
      this.handshakeFailed(this.#failure.error)
      this.#drop(error)
      throw this.#failure.error
    } finally {
      this.#giveUp = undefined
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** The stream is dropped here too, so that no driver can leave it open. */
  #drop(error: unknown): void {
    this.#driver?.abort(error)
    this.stream.abort(error)
  }

  #endOfReading(error: unknown): null {
    if (error instanceof TlsError && error.code === 'TLS_EOF' && this.#state === 'open') {
      if (!this.#requireCloseNotify) return null
    }
    if (error instanceof TlsError && this.#state === 'open') this.connectionBroken(error)
    throw this.explainFailure(error)
  }

  get #isAsking(): boolean {
    return this.#asking || this.#accept?.running === true
  }

  #requireHalfClose(): void {
    const { supports, refuse } = this.environment
    if (supports.halfClose || !speaksTls(this.environment)) return
    throw refuse('closing one direction alone', ({ halfClose }) => halfClose)
  }

  /** Lets the engine take what arrives although nobody reads: the peer may wait for that. */
  #discardInput(): void {
    if (this.#discards || this.#state !== 'open') return
    this.#discards = true
    this.#driver?.closeRead()
  }

  #sendCloseNotify(): Promise<void> {
    this.#closeNotify ??= (this.#driver as TlsDriver<never>).closeWrite()
    return this.#closeNotify
  }

  /** The handshake is not running, or no longer. */
  #settled(): Promise<void> | undefined {
    return this.#state === 'handshaking' ? this.#handshake?.catch(() => {}) : undefined
  }

  async #closeInOrder(): Promise<void> {
    await this.#closeBoth()
    this.#closedInOrder = this.#abortedBy === undefined
  }

  async #closeBoth(): Promise<void> {
    this.#reading.close(closed('This connection'))
    this.#writing.refuse(closed('This connection'))
    // Who closes while being asked does not want to go on; waiting would never end.
    if (this.#isAsking) this.#giveUp?.(closed('This connection')())
    await this.#settled()
    if (this.#abortedBy !== undefined) return
    // Two ends that close while each has something to send would wait for each other for ever.
    this.#discardInput()
    await this.#writing.idle()
    if (this.#abortedBy !== undefined) return
    if (this.#state !== 'open') {
      // Nothing was agreed, so there is nothing to end in order; a failed driver dropped the
      // stream.
      if (this.#state === 'new') await this.stream.close()
      return
    }
    const driver = this.#driver as TlsDriver<never>
    try {
      await this.#sendCloseNotify()
    } catch (error) {
      // A peer that has said its own close_notify need not wait for ours (RFC 5246 §7.2.1).
      const isGone = error instanceof IoError && error.code === 'IO_BROKEN_PIPE'
      if (!(isGone && driver.hasEnded)) {
        // The transport is closed even so, but what went wrong first is what is told.
        if (this.#abortedBy === undefined) await driver.close().catch(() => {})
        throw error
      }
    }
    if (this.#abortedBy === undefined) await driver.close()
  }

  #notify(name: TlsChangeEvent): void {
    this.dispatchEvent(new Event(name))
  }
}

function busyAsking(): IoError {
  return new IoError('IO_FAILED', 'The connection waits for an answer of the application.')
}
