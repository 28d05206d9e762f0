import { type Clock, type IoStream, systemClock, type TlsCapabilities } from '@tlsio/core'
import {
  EngineDriver,
  noCapabilities,
  type ServerHandshakeParameters,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'
import { ScriptedEngine } from './scripted-engine.js'
import type { KeyUpdateRequest } from './server-messages.js'
import { TicketBook } from './ticket-book.js'

/** How a scripted server deals with its clients. Without any of it, as OpenSSL does. */
export interface ServerScript {
  /** How many tickets a full handshake gives. Default 2. */
  readonly tickets?: number | undefined
  /** How many a resumed one gives: 0 renews nothing. Default 1. */
  readonly renewals?: number | undefined
  /**
   * When they are sent: right after the handshake (default), or only after the first application
   * data in either direction.
   */
  readonly when?: 'after-handshake' | 'after-data' | undefined
  /** Their lifetime as the client is told, and as the server keeps it, in seconds. Default 7200. */
  readonly lifetime?: number | undefined
  /** Whether a ticket is good any number of times (default), just once, or never. */
  readonly accepts?: 'again' | 'once' | 'never' | undefined
  /**
   * Whether each ClientHello is answered by a HelloRetryRequest (RFC 8446 §4.1.4): for a share of
   * another group, or a cookie where the client has sent all shares there are. Default: only where
   * no share is of use.
   */
  readonly retry?: boolean | undefined
  /**
   * Whether it goes on with new keys each time before it sends application data, and wants the client
   * to do so, too (RFC 8446 §4.6.3). Default: it keeps its keys.
   */
  readonly keyUpdate?: KeyUpdateRequest | undefined
  /** What lifetimes are measured with. Default: the platform's. */
  readonly clock?: Clock | undefined
}

/** A handshake as a scripted server saw it. */
export interface ScriptedHandshake {
  /**
   * Which session it belongs to: a full handshake begins one, and its tickets carry it on. An FTP
   * server tells by that which control connection a data connection is for.
   */
  readonly session: number
  /** How many tickets the client offered. */
  readonly offered: number
  /** Whether one of them was accepted, with proof that the client has its key. */
  readonly resumed: boolean
  /** The KeyUpdates that the client has sent so far, and what each asked for. */
  readonly keyUpdates: readonly KeyUpdateRequest[]
  /**
   * What the connection's keying material is by the server's own reckoning (RFC 8446 §7.5). WebCrypto
   * does not know it at once, so it cannot be had from the connection.
   *
   * @param label - what it is for, in ASCII.
   * @param length - in bytes, up to 8,160.
   * @param context - what else it depends on. Default: nothing, which is the same as an empty one.
   */
  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Promise<Uint8Array>
}

/**
 * A TLS 1.3 server whose dealings with its clients are laid down: what no engine lets its users
 * choose, and clients meet all the same. It speaks with nothing but WebCrypto, and so is there on every
 * runtime, and of no backend's kin: what it knows of a connection, its key log too, is known
 * independently.
 *
 * It shows an RSA certificate, and knows TLS_AES_128_GCM_SHA256, X25519, P-256 and P-384 only.
 */
export class ScriptedServer extends TlsBackendBase {
  override readonly name: string = 'scripted'
  override readonly supports: TlsCapabilities
  /** The handshakes that were completed, in that order. */
  readonly handshakes: readonly ScriptedHandshake[]
  readonly #script: ServerScript
  readonly #tickets: TicketBook
  readonly #handshakes: ScriptedHandshake[] = []

  /** Makes a server that has given out no tickets. */
  constructor(script: ServerScript = {}) {
    super()
    this.#script = script
    this.#tickets = new TicketBook(script, script.clock ?? systemClock)
    this.handshakes = this.#handshakes
    this.supports = {
      ...noCapabilities,
      protocolVersions: ['TLSv1.3'],
      server: true,
      certificateKeys: ['RSA'],
      alpn: true,
      serverSessionResumption: true,
      ticketsPerHandshake: { full: script.tickets ?? 2, resumed: script.renewals ?? 1 },
      keyLog: true,
      truncationDetection: 'always',
      halfClose: true,
    }
  }

  protected override createClientDriver(): never {
    throw new TypeError('A scripted server is no client.')
  }

  protected override createServerDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters> {
    return new EngineDriver(
      stream,
      new ScriptedEngine(this.#script, this.#tickets, this.#handshakes),
    )
  }
}
