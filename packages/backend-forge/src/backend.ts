import type {
  BackendContext,
  BackendOptions,
  BackendRegistration,
  IoStream,
  TlsBackend,
  TlsCapabilities,
} from '@tlsio/core'
import {
  type ClientHandshakeParameters,
  type DriverEvents,
  EngineDriver,
  type ServerHandshakeParameters,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'
import { capabilities } from './capabilities.js'
import { type CipherLibrary, chooseCiphers } from './ciphers/choose.js'
import type { CipherProvider } from './ciphers/cipher-provider.js'
import { ForgeClientEngine } from './client-engine.js'
import { ForgeServerEngine } from './server-engine.js'

/** What the backend over node-forge can be told beside what every backend can. */
export interface ForgeBackendOptions extends BackendOptions {
  /**
   * Which library encrypts records. Default `fastest`: node:crypto where the runtime has it, else
   * WebCrypto, which a page has if it came over HTTPS or from the machine itself, else
   * \@noble/ciphers.
   */
  readonly ciphers?: CipherLibrary | undefined
}

/** The backend over node-forge. */
class ForgeTlsBackend extends TlsBackendBase {
  readonly name = 'forge'
  readonly supports: TlsCapabilities = capabilities
  readonly #ciphers: CipherProvider

  constructor(options: ForgeBackendOptions) {
    super(options)
    this.#ciphers = chooseCiphers(options.ciphers ?? 'fastest')
  }

  protected createClientDriver(
    stream: IoStream,
    events: DriverEvents,
  ): TlsDriver<ClientHandshakeParameters> {
    return new EngineDriver(stream, new ForgeClientEngine(this.#ciphers, events))
  }

  protected createServerDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters> {
    return new EngineDriver(stream, new ForgeServerEngine(this.#ciphers))
  }
}

/**
 * Makes a backend over node-forge: TLS 1.0 and 1.1 on any JavaScript runtime.
 *
 * Both versions are deprecated (RFC 8996): it is for legacy peers, closed worlds and tests. It trusts
 * nobody unless it is given a database. With a session store of its own unless one is given.
 *
 * @throws TypeError for an option that makes no sense.
 * @throws {@link TlsError} `TLS_NOT_SUPPORTED` for ciphers that the runtime does not have.
 */
export function createForgeBackend(options: ForgeBackendOptions = {}): TlsBackend {
  return new ForgeTlsBackend(options)
}

/** The registration of the backend over node-forge: name `forge`, priority -50. */
export const forgeBackend: BackendRegistration = Object.freeze({
  name: 'forge',
  priority: -50,
  supports: capabilities,
  create: (context: BackendContext) => createForgeBackend(context),
})
