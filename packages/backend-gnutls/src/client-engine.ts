import type { TlsProtocolVersion } from '@tlsio/core'
import { TlsError } from '@tlsio/core'
import type { ClientHandshakeParameters, DriverEvents, SessionState } from '@tlsio/core/backend'
import { CertificateGate } from './certificate-gate.js'
import type { EngineContext } from './engine-context.js'
import type { ShownIdentity } from './ffi/callbacks.js'
import { Hook, Init, Message, NAME_DNS, SESSION_HAS_TICKET } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import { FlightOpener, type OpenedRecord } from './flight-opener.js'
import { GnutlsEngine, type RoleResult } from './gnutls-engine.js'
import { decodeSession, encodeSession } from './session-bytes.js'
import { Purpose, verdictOf } from './verdict.js'

/** A client over libgnutls. */
export class GnutlsClientEngine extends GnutlsEngine<ClientHandshakeParameters> {
  readonly #events: DriverEvents
  readonly #gate = new CertificateGate({ open: (record) => this.#openRecord(record) })
  readonly #tickets: SessionState[] = []
  #parameters: ClientHandshakeParameters | undefined
  #identity: ShownIdentity | undefined
  #acceptedCas: readonly Uint8Array[] | null = null
  #lifetime: number | undefined
  #secret: Uint8Array | undefined
  #opener: FlightOpener | undefined

  constructor(context: EngineContext, events: DriverEvents) {
    super(context)
    this.#events = events
  }

  protected flagsFor({ wantSessions, requestOcspStaple }: ClientHandshakeParameters): number {
    const canBeQuiet = this.#canBeQuietAboutStaples
    return (
      Init.CLIENT |
      // One key share: a server that wants another says so.
      Init.KEY_SHARE_TOP |
      (wantSessions ? 0 : Init.NO_TICKETS) |
      (canBeQuiet && !requestOcspStaple ? Init.NO_STATUS_REQUEST : 0)
    )
  }

  protected configure(parameters: ClientHandshakeParameters): void {
    this.#parameters = parameters
    const { functions, callbacks } = this.gnutls
    const { session } = this
    this.useCredentials(this.context.credentials.bare)
    this.#setServerName(parameters.serverName)
    this.#offer(parameters.session)
    if (parameters.requestOcspStaple) {
      this.check(functions.ocsp_status_request_enable_client(session, null, 0, null))
    } else if (!this.#canBeQuietAboutStaples) {
      // Older ones ask by themselves. Without its state they do not, but use that state later.
      functions.ext_set_data(session, STATUS_REQUEST, 0)
      functions.handshake_set_hook_function(
        session,
        Message.SERVER_HELLO,
        Hook.BEFORE,
        callbacks.hook,
      )
    }
    if (parameters.requestOcspStaple || this.#canBeQuietAboutStaples) this.#watchTickets()
    this.shake()
  }

  protected inspect(record: Uint8Array): void | Promise<void> {
    const names = this.#gate.look(record)
    return names === undefined ? undefined : this.#answer(names)
  }

  protected complete(
    { requestOcspStaple, anchors }: ClientHandshakeParameters,
    { version, isResumed }: { readonly version: TlsProtocolVersion; readonly isResumed: boolean },
  ): RoleResult {
    this.#closeGate()
    // What the server is known by is core's to remember.
    if (isResumed) return { peerChain: [] }
    if (version === 'TLSv1.2') this.#takeSession()
    const staple = requestOcspStaple ? this.#staple() : null
    // Only now: reading the anchors takes its time, and who resumes does without.
    this.useCredentials(this.context.credentials.get(anchors))
    return {
      peerChain: this.peerChain(),
      acceptedCas: this.#acceptedCas,
      certificateRequested: this.#acceptedCas !== null,
      ocspStaple: staple,
      ...verdictOf(this.gnutls, this.session, Purpose.SERVER),
    }
  }

  protected get hasSpoken(): boolean {
    return this.#gate.hasServerHello
  }

  protected override get needsSecrets(): boolean {
    return true
  }

  protected override settle(): void {
    super.settle()
    for (const state of this.#tickets.splice(0)) this.#events.session(state)
  }

  retrieve(): ShownIdentity | undefined {
    if (this.#acceptedCas === null) {
      throw new TlsError('TLS_MISC', 'The server asks for a certificate out of turn.')
    }
    return this.#identity
  }

  override keyLog(label: string, secret: Uint8Array): void {
    if (label === 'SERVER_HANDSHAKE_TRAFFIC_SECRET' && !this.#gate.isOpen) this.#secret = secret
    super.keyLog(label, secret)
  }

  hook(type: number, isDone: boolean, isIncoming: boolean, message: Address): void {
    if (!isIncoming) return
    const { functions, memory } = this.gnutls
    if (type === Message.SERVER_HELLO) {
      this.check(functions.ocsp_status_request_enable_client(this.session, null, 0, null))
      this.#watchTickets()
      return
    }
    if (!isDone) {
      // Its first four bytes, in both versions: the lifetime in seconds.
      const bytes = memory.readDatum(message)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      this.#lifetime = bytes.length < 4 ? undefined : view.getUint32(0) * 1000
    } else if (this.result !== undefined) this.#takeSession()
  }

  override release(): void {
    super.release()
    this.#closeGate()
    this.#identity = undefined
  }

  get #canBeQuietAboutStaples(): boolean {
    return this.gnutls.isAtLeast('3.8.0')
  }

  #setServerName(name: string | undefined): void {
    if (name === undefined) return
    const bytes = new TextEncoder().encode(name)
    const { server_name_set } = this.gnutls.functions
    this.check(server_name_set(this.session, NAME_DNS, bytes, bytes.length))
  }

  #offer(session: Uint8Array | undefined): void {
    const data = session && decodeSession(this.gnutls, session)
    if (data === undefined) return
    this.check(this.gnutls.functions.session_set_data(this.session, data, data.length))
  }

  #watchTickets(): void {
    if (this.#parameters?.wantSessions !== true) return
    const { functions, callbacks } = this.gnutls
    functions.handshake_set_hook_function(
      this.session,
      Message.NEW_SESSION_TICKET,
      Hook.BOTH,
      callbacks.hook,
    )
  }

  /** Keeps the session as it is now: in TLS 1.3, that of the ticket that has just come. */
  #takeSession(): void {
    if (this.#parameters?.wantSessions !== true) return
    const { functions, memory } = this.gnutls
    const hasTicket = (functions.session_get_flags(this.session) & SESSION_HAS_TICKET) !== 0
    const id = memory.borrowed((made) => functions.session_get_id2(this.session, made))
    if (!hasTicket && (id === undefined || id.length === 0)) return
    const data = memory.owned((made) => functions.session_get_data2(this.session, made))
    if (data === undefined) return
    this.#tickets.push({ data: encodeSession(this.gnutls, data), lifetime: this.#lifetime })
  }

  #staple(): Uint8Array | null {
    const { functions, memory } = this.gnutls
    const read = (made: BigUint64Array) => functions.ocsp_status_request_get2(this.session, 0, made)
    return memory.borrowed(read) ?? null
  }

  /** Somebody may have to be asked: libgnutls gets the request afterwards. */
  async #answer(names: readonly Uint8Array[]): Promise<void> {
    this.#acceptedCas = names
    const certificate = await this.#parameters?.requestCertificate(names)
    if (certificate !== undefined) this.#identity = this.context.identities.get(certificate)
  }

  #openRecord(record: Uint8Array): OpenedRecord | undefined {
    if (this.#secret === undefined) return undefined
    this.#opener ??= new FlightOpener(this.gnutls, this.session, this.#secret)
    return this.#opener.open(record)
  }

  #closeGate(): void {
    this.#opener?.close()
    this.#opener = undefined
    this.#secret?.fill(0)
    this.#secret = undefined
  }
}

/** IANA's number of the extension (RFC 6066 §8). */
const STATUS_REQUEST = 5
