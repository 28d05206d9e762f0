import type { ServerConnectionOptions } from '../backend.js'
import { TlsCertificate } from '../certificate.js'
import type { HandshakeResult, ServerHandshakeParameters, TlsDriver } from '../driver.js'
import { TlsError } from '../errors.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import type { TlsServerConnection } from '../server-connection.js'
import { TicketKeys } from '../session/ticket-keys.js'
import type { IoStream } from '../streams/io-stream.js'
import type { ClientHello } from '../wire/client-hello.js'
import { type PeekedClientHello, peekClientHello } from './client-hello-peek.js'
import { type ConnectionEnvironment, TlsConnectionBase } from './connection-base.js'
import {
  advertisedProtocolsOf,
  applyOptions,
  keyLogOf,
  requireAbilities,
  versionRange,
} from './settings.js'

/** What a server connection gets from its backend. */
export interface ServerEnvironment extends ConnectionEnvironment {
  /** Ticket keys for connections that were given none: the same for the same certificate. */
  ticketKeysFor(certificateFingerprint: string): TicketKeys
  createDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters>
}

/** Core's server connection, the same for every backend. */
export class ServerConnectionBase extends TlsConnectionBase implements TlsServerConnection {
  declare protected readonly environment: ServerEnvironment
  protected readonly role = 'server'
  readonly #keyLog: ((line: string) => void) | undefined
  #usedCertificate: TlsCertificate | undefined
  readonly #versions: { readonly min: TlsProtocolVersion; readonly max: TlsProtocolVersion }
  readonly #ticketKeys: TicketKeys | undefined
  #serverName: string | null = null

  constructor(environment: ServerEnvironment, stream: IoStream, options: ServerConnectionOptions) {
    super(environment, stream)
    if (options.ticketKeys !== undefined && !(options.ticketKeys instanceof TicketKeys)) {
      throw new TypeError('The option ticketKeys must be TicketKeys.')
    }
    this.#versions = versionRange(environment, options)
    this.#keyLog = keyLogOf(environment, options)
    this.#ticketKeys = options.ticketKeys
    applyOptions(this, options)
  }

  get serverName(): string | null {
    return this.#serverName
  }

  protected get serverCertificate(): TlsCertificate | undefined {
    return this.#usedCertificate
  }

  protected async performHandshake(): Promise<HandshakeResult> {
    const { environment, certificate } = this
    requireAbilities(this, environment)
    if (certificate === undefined) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'A server connection needs a certificate.')
    }
    const advertisedProtocols = advertisedProtocolsOf(this.advertisedProtocols, environment)
    const [certificateFingerprint, certificateSettings] = await Promise.all([
      certificate.fingerprint(),
      TlsCertificate.settingsKeyOf(certificate),
    ])
    this.#usedCertificate = certificate
    const { hello, stream } = await this.#peek()
    this.#serverName = hello?.serverName ?? null
    const driver = environment.createDriver(stream)
    const detectTruncation = this.requireCloseNotify
    this.setDriver(driver, detectTruncation)
    const { min: minVersion, max: maxVersion } = this.#versions
    return driver.handshake({
      certificate,
      advertisedProtocols: chooseProtocol(advertisedProtocols, hello),
      minVersion,
      maxVersion,
      detectTruncation,
      keyLog: this.#keyLog,
      settingsKey: [certificateSettings, minVersion, maxVersion].join(' '),
      ticketKeys: this.#ticketKeys ?? environment.ticketKeysFor(certificateFingerprint),
    })
  }

  /** A backend that cannot do TLS refuses at once, without a word from the client. */
  async #peek(): Promise<PeekedClientHello> {
    const { stream, environment } = this
    return environment.supports.server ? peekClientHello(stream) : { hello: undefined, stream }
  }

  // A server keeps no sessions: they are in the tickets that its clients hold.
  protected handshakeFailed(): void {}
  protected connectionBroken(): void {}
}

/**
 * The first of ours that the client has, too. Where there is none, GIO goes on without, so the engine is not told of any: it
 * would end the handshake (RFC 7301 §3.2 asks for an alert, which many servers leave out, too).
 */
function chooseProtocol(
  ours: readonly string[],
  hello: ClientHello | undefined,
): readonly string[] {
  if (hello === undefined) return ours
  const chosen = ours.find((protocol) => hello.protocols.includes(protocol))
  return chosen === undefined ? [] : [chosen]
}
