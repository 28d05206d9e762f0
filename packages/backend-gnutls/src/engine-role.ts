import type { HandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import type { AskedPin, ShownIdentity } from './ffi/callbacks.js'
import type { Address } from './ffi/symbols.js'
import type { GnutlsSession } from './gnutls-session.js'

/** What a role adds to what every handshake has. */
export type RoleResult = Omit<
  HandshakeResult,
  'protocolVersion' | 'cipherSuite' | 'negotiatedProtocol' | 'isSessionResumed'
>

/** What a client and a server do differently, whatever they speak over. */
export interface EngineRole<P extends HandshakeParameters> {
  /** Whether the handshake begins without anything from the peer. */
  readonly speaksFirst: boolean

  /** Whether the engine needs the secrets for itself. */
  readonly needsSecrets: boolean

  /** Whether the peer has said something that libgnutls took for TLS. */
  readonly hasSpoken: boolean

  /** Flags for `gnutls_init`: the role and what can only be said there. */
  flagsFor(parameters: P): number

  /**
   * Sets what the role needs; libgnutls says nothing to the peer yet. What it returns is waited for.
   */
  configure(session: GnutlsSession, parameters: P): void | Promise<void>

  /** Looks at what is about to be fed during the handshake. What it returns is waited for. */
  inspect(bytes: Uint8Array): void | Promise<void>

  /** The handshake is complete: tells the rest. */
  complete(session: GnutlsSession, parameters: P): RoleResult

  /** libgnutls has something to send. */
  noteSent?(): void

  /** After each step: hands over what came up while libgnutls was called. */
  settle?(): void

  /** What to show the peer; `undefined` for nothing. */
  retrieve(): ShownIdentity | undefined

  /** The PIN for the signature of the handshake; `undefined` if there is none. */
  pin(asked: AskedPin): Uint8Array | undefined

  /** libgnutls has derived a secret, which is erased afterwards. */
  noteSecret?(label: string, secret: Uint8Array): void

  /** A handshake message is to be processed, or was. */
  hook?(isOpen: boolean, type: number, isDone: boolean, message: Address): void

  /** The session is over. */
  release?(): void
}
