import { TlsError } from '@tlsio/core'
import type { ClientHandshakeParameters, DriverEvents, SessionState } from '@tlsio/core/backend'
import { hex } from '@tlsio/core/wire'
import { CertificateGate } from './certificate-gate.js'
import { readAcceptedCas } from './certificate-request.js'
import { DatagramGate } from './datagram-gate.js'
import type { EngineContext } from './engine-context.js'
import type { EngineRole, RoleResult } from './engine-role.js'
import type { AskedPin, ShownIdentity } from './ffi/callbacks.js'
import { GROUP_X25519, Hook, Init, Message, NAME_DNS, SESSION_HAS_TICKET } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { Over } from './ffi/thread-sockets.js'
import { FlightOpener, type OpenedRecord } from './flight-opener.js'
import type { Gnutls } from './gnutls.js'
import type { GnutlsSession } from './gnutls-session.js'
import { OwnIdentity } from './own-identity.js'
import { decodeSession, encodeSession, type KeptSession } from './session-bytes.js'
import { Purpose, verdictOf } from './verdict.js'

/** What a client does, over streams or datagrams. */
export class ClientRole implements EngineRole<ClientHandshakeParameters> {
  readonly speaksFirst = true
  readonly needsSecrets: boolean
  readonly #isStream: boolean
  readonly #context: EngineContext
  readonly #gnutls: Gnutls
  readonly #events: DriverEvents | undefined
  readonly #gate: CertificateGate | DatagramGate
  readonly #tickets: SessionState[] = []
  #session: GnutlsSession | undefined
  #offered: KeptSession | undefined
  #parameters: ClientHandshakeParameters | undefined
  readonly #own: OwnIdentity
  #acceptedCas: readonly Uint8Array[] | null = null
  #lifetime: number | undefined
  #secret: Uint8Array | undefined
  #opener: FlightOpener | undefined

  /** @param events - who gets to know of sessions; over datagrams there are none. */
  constructor(context: EngineContext, over: Over, events?: DriverEvents) {
    this.#context = context
    this.#gnutls = context.gnutls
    this.#own = new OwnIdentity(context)
    this.#events = events
    this.#isStream = over === 'stream'
    this.needsSecrets = this.#isStream
    this.#gate = this.#isStream
      ? new CertificateGate({ open: (record) => this.#openRecord(record) })
      : new DatagramGate()
  }

  flagsFor({ session, wantSessions, requestOcspStaple }: ClientHandshakeParameters): number {
    const canBeQuiet = this.#canBeQuietAboutStaples
    this.#offered = session && decodeSession(this.#gnutls, session)
    return (
      Init.CLIENT |
      this.#keyShares |
      (wantSessions ? 0 : Init.NO_TICKETS) |
      (canBeQuiet && !requestOcspStaple ? Init.NO_STATUS_REQUEST : 0)
    )
  }

  configure(session: GnutlsSession, parameters: ClientHandshakeParameters): void {
    this.#session = session
    this.#parameters = parameters
    const { functions, callbacks } = this.#gnutls
    session.useCredentials(this.#context.credentials.bare)
    this.#setServerName(session, parameters.serverName)
    this.#offer(session)
    if (parameters.requestOcspStaple) {
      session.check(functions.ocsp_status_request_enable_client(session.handle, null, 0, null))
    } else if (!this.#canBeQuietAboutStaples) {
      // Older ones ask by themselves. Without its state they do not, but use that state later.
      functions.ext_set_data(session.handle, STATUS_REQUEST, 0)
      functions.handshake_set_hook_function(
        session.handle,
        Message.SERVER_HELLO,
        Hook.BEFORE,
        callbacks.hook,
      )
    }
    if (parameters.requestOcspStaple || this.#canBeQuietAboutStaples) this.#watch(session)
  }

  inspect(bytes: Uint8Array): void | Promise<void> {
    const wasOpen = this.#gate.isOpen
    const names = this.#gate.look(bytes)
    if (this.#gate.isOpen && !wasOpen) this.#wantNoSecrets()
    return names === undefined ? undefined : this.#answer(names)
  }

  complete(
    session: GnutlsSession,
    { requestOcspStaple, anchors }: ClientHandshakeParameters,
  ): RoleResult {
    this.#closeGate()
    this.#own.erasePin()
    // What the server is known by is core's to remember.
    if (session.isResumed) return { peerChain: [] }
    if (session.version === 'TLSv1.2') this.#takeSession(session)
    const staple = requestOcspStaple ? this.#staple(session) : null
    // Only now: reading the anchors takes its time, and who resumes does without.
    session.useCredentials(this.#context.credentials.get(anchors))
    return {
      peerChain: session.peerChain,
      acceptedCas: this.#acceptedCas,
      certificateRequested: this.#acceptedCas !== null,
      ocspStaple: staple,
      ...verdictOf(this.#gnutls, session.handle, Purpose.SERVER),
    }
  }

  get hasSpoken(): boolean {
    return this.#gate.hasServerHello
  }

  settle(): void {
    for (const state of this.#tickets.splice(0)) this.#events?.session(state)
  }

  retrieve(): ShownIdentity | undefined {
    if (this.#acceptedCas === null) {
      throw strangeRequest()
    }
    return this.#own.shown
  }

  pin(asked: AskedPin): Uint8Array | undefined {
    return this.#own.pin(asked)
  }

  noteSecret(label: string, secret: Uint8Array): void {
    if (label === 'SERVER_HANDSHAKE_TRAFFIC_SECRET' && !this.#gate.isOpen) {
      this.#secret = secret.slice()
    }
  }

  hook(isOpen: boolean, type: number, isDone: boolean, message: Address): void {
    const session = this.#session
    if (session === undefined) return
    const { functions, memory } = this.#gnutls
    if (type === Message.SERVER_HELLO) {
      session.check(functions.ocsp_status_request_enable_client(session.handle, null, 0, null))
      this.#watch(session)
      return
    }
    if (type === Message.CERTIFICATE_REQUEST) {
      this.#requireSameRequest(memory.readDatum(message))
      return
    }
    if (!isDone) {
      // Its first four bytes, in both versions: the lifetime in seconds.
      const bytes = memory.readDatum(message)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      this.#lifetime = bytes.length < 4 ? undefined : view.getUint32(0) * 1000
    } else if (isOpen) this.#takeSession(session)
  }

  release(): void {
    this.#closeGate()
    this.#own.release()
  }

  /**
   * X25519 and P-256: a server that has neither says which group it wants. One that took X25519 when it
   * gave the session has it still.
   */
  get #keyShares(): number {
    const isKnown = this.#context.priority === undefined && this.#offered?.group === GROUP_X25519
    return isKnown ? Init.KEY_SHARE_TOP : Init.KEY_SHARE_TOP2
  }

  get #canBeQuietAboutStaples(): boolean {
    return this.#gnutls.isAtLeast('3.8.0')
  }

  #setServerName(session: GnutlsSession, name: string | undefined): void {
    if (name === undefined) return
    const bytes = new TextEncoder().encode(name)
    const { server_name_set } = this.#gnutls.functions
    session.check(server_name_set(session.handle, NAME_DNS, bytes, bytes.length))
  }

  #offer(session: GnutlsSession): void {
    const data = this.#offered?.data
    // It is secret, and not needed again.
    this.#offered = undefined
    if (data === undefined) return
    session.check(this.#gnutls.functions.session_set_data(session.handle, data, data.length))
  }

  /** A session has one hook: over streams for tickets, over datagrams for the certificate request. */
  #watch(session: GnutlsSession): void {
    const { functions, callbacks } = this.#gnutls
    if (!this.#isStream) {
      functions.handshake_set_hook_function(
        session.handle,
        Message.CERTIFICATE_REQUEST,
        Hook.BEFORE,
        callbacks.hook,
      )
      return
    }
    if (this.#parameters?.wantSessions !== true) return
    functions.handshake_set_hook_function(
      session.handle,
      Message.NEW_SESSION_TICKET,
      Hook.BOTH,
      callbacks.hook,
    )
  }

  /** Keeps the session as it is now: in TLS 1.3, that of the ticket that has just come. */
  #takeSession({ handle }: GnutlsSession): void {
    if (this.#parameters?.wantSessions !== true) return
    const { functions, memory } = this.#gnutls
    const hasTicket = (functions.session_get_flags(handle) & SESSION_HAS_TICKET) !== 0
    const id = memory.borrowed((made) => functions.session_get_id2(handle, made))
    if (!hasTicket && (id === undefined || id.length === 0)) return
    const data = memory.owned((made) => functions.session_get_data2(handle, made))
    if (data === undefined) return
    const kept = { group: functions.group_get(handle), data }
    this.#tickets.push({ data: encodeSession(this.#gnutls, kept), lifetime: this.#lifetime })
  }

  #staple({ handle }: GnutlsSession): Uint8Array | null {
    const { functions, memory } = this.#gnutls
    const read = (made: BigUint64Array) => functions.ocsp_status_request_get2(handle, 0, made)
    return memory.borrowed(read) ?? null
  }

  /** What the application was asked for must be what the server asked for, not a stranger in its name. */
  #requireSameRequest(body: Uint8Array): void {
    const names = readAcceptedCas(body, 'TLSv1.2')
    const asked = this.#acceptedCas
    const isSame =
      names?.length === asked?.length &&
      names?.every((name, at) => hex(name) === hex(asked?.[at] ?? NONE))
    if (isSame !== true) throw strangeRequest()
  }

  /** Somebody may have to be asked: libgnutls gets the request afterwards. */
  async #answer(names: readonly Uint8Array[]): Promise<void> {
    this.#acceptedCas = names
    const { requestCertificate, openToken } = this.#parameters as ClientHandshakeParameters
    const certificate = await requestCertificate(names)
    if (certificate !== undefined) await this.#own.prepare(certificate, openToken)
  }

  #openRecord(record: Uint8Array): OpenedRecord | undefined {
    if (this.#secret === undefined || this.#session === undefined) return undefined
    this.#opener ??= new FlightOpener(this.#gnutls, this.#session.handle, this.#secret)
    return this.#opener.open(record)
  }

  /** Nobody has to look inside what follows; telling us of each secret takes its time. */
  #wantNoSecrets(): void {
    const session = this.#session
    if (session === undefined || this.#parameters?.keyLog !== undefined) return
    this.#gnutls.functions.session_set_keylog_function(session.handle, null)
  }

  #closeGate(): void {
    this.#opener?.close()
    this.#opener = undefined
    this.#secret?.fill(0)
    this.#secret = undefined
  }
}

function strangeRequest(): TlsError {
  return new TlsError('TLS_MISC', 'The server asks for a certificate out of turn.')
}

const NONE = new Uint8Array(0)

/** IANA's number of the extension (RFC 6066 §8). */
const STATUS_REQUEST = 5
