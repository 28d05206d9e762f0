import type { ClientConnectionOptions, ServerConnectionOptions, TlsBackend } from '../backend.js'
import type { TlsCapabilities } from '../capabilities.js'
import { TlsCertificate } from '../certificate.js'
import type { TlsClientConnection } from '../client-connection.js'
import { type Clock, systemClock } from '../clock.js'
import { TlsDatabase } from '../database.js'
import type { DatagramSocket } from '../datagram/datagram-socket.js'
import type {
  DtlsClientConnection,
  DtlsClientConnectionOptions,
} from '../datagram/dtls-client-connection.js'
import { DtlsClientConnectionBase } from '../datagram/dtls-client-connection-base.js'
import type { DtlsCookies } from '../datagram/dtls-cookies.js'
import type {
  DtlsEngine,
  DtlsEngineSettings,
  DtlsServerEngineSettings,
} from '../datagram/dtls-engine.js'
import type {
  DtlsServerConnection,
  DtlsServerConnectionOptions,
} from '../datagram/dtls-server-connection.js'
import { DtlsServerConnectionBase } from '../datagram/dtls-server-connection-base.js'
import { overDatagrams } from '../datagram/over-datagrams.js'
import type {
  ClientHandshakeParameters,
  DriverEvents,
  ServerHandshakeParameters,
  TlsDriver,
} from '../driver.js'
import type { TlsError } from '../errors.js'
import { type LoadPkcs11Options, pinSource } from '../load-pkcs11.js'
import { requirePkcs11Uri } from '../pkcs11-uri.js'
import { registeredBackends } from '../selection/default-registry.js'
import { refusal } from '../selection/refusal.js'
import type {
  BackendContext,
  BackendOptions,
  BackendRegistration,
} from '../selection/registration.js'
import type { TlsServerConnection } from '../server-connection.js'
import { MemorySessionStore, type SessionStore } from '../session/session-store.js'
import { TicketKeys } from '../session/ticket-keys.js'
import type { IoStream } from '../streams/io-stream.js'
import { type OpenToken, tokenPins } from '../token-pins.js'
import { ClientConnectionBase } from './client-connection-base.js'
import { peekClientHello } from './client-hello-peek.js'
import { ServerConnectionBase } from './server-connection-base.js'

/**
 * What every backend extends: it says its name and abilities and makes drivers; all that protects
 * the user is core's and the same everywhere.
 *
 * To write one, see `docs/writing-a-backend.md`.
 */
export abstract class TlsBackendBase implements TlsBackend {
  abstract readonly name: string
  abstract readonly supports: TlsCapabilities
  readonly #sessionStore: SessionStore
  readonly #registrations: () => readonly BackendRegistration[]
  readonly #clock: Clock
  readonly #ticketKeys = new Map<string, TicketKeys>()
  readonly #ownDatabase: TlsDatabase | undefined
  #systemDatabase: TlsDatabase | null | undefined
  #defaultDatabase: TlsDatabase | null = null

  /**
   * Takes what the backend uses of its surroundings, as it came with the registration's context.
   */
  constructor(options: BackendOptions & Pick<Partial<BackendContext>, 'registrations'> = {}) {
    this.#registrations = options.registrations ?? registeredBackends
    this.#clock = options.clock ?? systemClock
    this.#sessionStore = options.sessionStore ?? new MemorySessionStore({ clock: this.#clock })
    requireDatabaseOrNull(options.defaultDatabase ?? null)
    this.#ownDatabase = options.defaultDatabase
  }

  /** Makes what speaks TLS as a client over `stream`, one for each connection; no I/O yet. */
  protected abstract createClientDriver(
    stream: IoStream,
    events: DriverEvents,
  ): TlsDriver<ClientHandshakeParameters>

  /** Makes what speaks TLS as a server over `stream`, one for each connection; no I/O yet. */
  protected abstract createServerDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters>

  /**
   * Makes the engine of a DTLS client, one for each connection; if the backend claims
   * {@link TlsCapabilities.dtlsVersions}.
   */
  protected createDtlsClientEngine(
    _settings: DtlsEngineSettings,
  ): DtlsEngine<ClientHandshakeParameters> {
    throw this.#environment().refuse(...DTLS)
  }

  /** The same for a DTLS server. What its parameters have for sessions is of no use: there are none. */
  protected createDtlsServerEngine(
    _settings: DtlsServerEngineSettings,
  ): DtlsEngine<ServerHandshakeParameters> {
    throw this.#environment().refuse(...DTLS)
  }

  /**
   * Reads a certificate out of a token: DER of it and of its issuers there, the leaf first. If the
   * backend claims {@link TlsCapabilities.pkcs11}.
   *
   * @param _uri - for `_openToken`: it may have a PIN in it.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if there is none; its message does not show the URI.
   */
  protected readPkcs11Certificate(
    _uri: string,
    _openToken: OpenToken,
  ): Promise<readonly Uint8Array[]> {
    throw this.#environment().refuse(...TOKENS)
  }

  /**
   * The trust anchors of the platform; `null` if it has none, so that the backend trusts nobody unless
   * it is told whom. Asked once. Default: `null`.
   */
  protected systemDatabase(): TlsDatabase | null {
    return null
  }

  get supportsTls(): boolean {
    return this.supports.protocolVersions.length > 0
  }

  get supportsDtls(): boolean {
    return this.supports.dtlsVersions.length > 0
  }

  get dtlsCookies(): DtlsCookies | null {
    return null
  }

  get defaultDatabase(): TlsDatabase | null {
    if (this.#systemDatabase === undefined) this.#systemDatabase = this.systemDatabase()
    return this.#defaultDatabase ?? this.#ownDatabase ?? this.#systemDatabase
  }

  setDefaultDatabase(database: TlsDatabase | null): void {
    requireDatabaseOrNull(database)
    this.#defaultDatabase = database
  }

  async loadPkcs11Certificate(
    pkcs11Uri: string,
    options: LoadPkcs11Options = {},
  ): Promise<TlsCertificate> {
    requirePkcs11Uri('pkcs11Uri', pkcs11Uri)
    const { privateKeyPkcs11Uri } = options
    if (privateKeyPkcs11Uri != null) requirePkcs11Uri('privateKeyPkcs11Uri', privateKeyPkcs11Uri)
    const source = pinSource(options)
    if (!this.supports.pkcs11) throw this.#environment().refuse(...TOKENS)
    const chain = await this.readPkcs11Certificate(pkcs11Uri, (uri, open) =>
      tokenPins.open(uri, open, source),
    )
    return TlsCertificate.fromDerChain(chain, { pkcs11Uri, privateKeyPkcs11Uri })
  }

  createClientConnection(
    stream: IoStream,
    options: ClientConnectionOptions = {},
  ): TlsClientConnection {
    const environment = {
      ...this.#environment(),
      sessionStore: this.#sessionStore,
      createDriver: (over: IoStream, events: DriverEvents) => this.createClientDriver(over, events),
    }
    return new ClientConnectionBase(environment, stream, options)
  }

  createServerConnection(
    stream: IoStream,
    options: ServerConnectionOptions = {},
  ): TlsServerConnection {
    const environment = {
      ...this.#environment(),
      ticketKeysFor: (fingerprint: string) => this.#ticketKeysFor(fingerprint),
      peekClientHello,
      createDriver: (over: IoStream) => this.createServerDriver(over),
    }
    return new ServerConnectionBase(environment, stream, options)
  }

  createDtlsClientConnection(
    socket: DatagramSocket,
    options: DtlsClientConnectionOptions = {},
  ): DtlsClientConnection {
    const environment = {
      ...this.#dtlsEnvironment(),
      sessionStore: this.#sessionStore,
      createEngine: (settings: DtlsEngineSettings) => this.createDtlsClientEngine(settings),
    }
    return new DtlsClientConnectionBase(environment, socket, options)
  }

  createDtlsServerConnection(
    socket: DatagramSocket,
    options: DtlsServerConnectionOptions = {},
  ): DtlsServerConnection {
    const environment = {
      ...this.#dtlsEnvironment(),
      ticketKeysFor: (fingerprint: string) => this.#ticketKeysFor(fingerprint),
      cookies: this.dtlsCookies,
      createEngine: (settings: DtlsServerEngineSettings) => this.createDtlsServerEngine(settings),
    }
    return new DtlsServerConnectionBase(environment, socket, options)
  }

  #ticketKeysFor(certificateFingerprint: string): TicketKeys {
    let keys = this.#ticketKeys.get(certificateFingerprint)
    if (keys === undefined) {
      const [oldest] = this.#ticketKeys.keys()
      if (oldest !== undefined && this.#ticketKeys.size >= MAX_TICKET_KEYS) {
        this.#ticketKeys.delete(oldest)
      }
      keys = TicketKeys.generate()
      this.#ticketKeys.set(certificateFingerprint, keys)
    }
    return keys
  }

  /** Connections over datagrams are held to what the backend claims for DTLS. */
  #dtlsEnvironment() {
    const environment = this.#environment()
    if (!this.supportsDtls) throw environment.refuse(...DTLS)
    const refuse = (what: string, able: (supports: TlsCapabilities) => boolean): TlsError =>
      environment.refuse(what, (supports) => able(overDatagrams(supports)))
    return { ...environment, supports: overDatagrams(this.supports), refuse }
  }

  #environment() {
    const refuse = (what: string, able: (supports: TlsCapabilities) => boolean): TlsError =>
      refusal(`Backend "${this.name}"`, what, able, this.#registrations())
    const defaultDatabase = () => this.defaultDatabase
    const { name: backendName, supports } = this
    return { backendName, supports, clock: this.#clock, defaultDatabase, refuse }
  }
}

const TOKENS = [
  'certificates in tokens (PKCS #11)',
  ({ pkcs11 }: TlsCapabilities) => pkcs11,
] as const

const DTLS = ['DTLS', ({ dtlsVersions }: TlsCapabilities) => dtlsVersions.length > 0] as const

/** Certificates of one server process at a time, with room for their renewals. */
const MAX_TICKET_KEYS = 64

function requireDatabaseOrNull(database: unknown): void {
  if (database === null || database instanceof TlsDatabase) return
  throw new TypeError('The default database of a backend is a TlsDatabase or null.')
}
