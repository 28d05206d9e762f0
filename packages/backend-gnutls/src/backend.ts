import { isMainThread } from 'node:worker_threads'
import type {
  BackendContext,
  BackendRegistration,
  DtlsCookies,
  IoStream,
  TlsBackend,
  TlsCapabilities,
  TlsDatabase,
} from '@tlsio/core'
import { systemClock } from '@tlsio/core'
import {
  type ClientHandshakeParameters,
  type DriverEvents,
  type DtlsEngine,
  type DtlsEngineSettings,
  type DtlsServerEngineSettings,
  EngineDriver,
  type OpenToken,
  type ServerHandshakeParameters,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'
import { TlsSystemDatabase } from '@tlsio/core/node'
import { capabilities } from './capabilities.js'
import { ClientRole } from './client-role.js'
import { GnutlsCookies } from './cookies.js'
import { DatagramEngine } from './datagram-engine.js'
import { type EngineContext, engineContext } from './engine-context.js'
import { MOST_PLAINTEXT } from './ffi/constants.js'
import { openGnutls } from './gnutls.js'
import type { GnutlsBackendOptions } from './options.js'
import { ServerRole } from './server-role.js'
import { StreamEngine } from './stream-engine.js'

const withoutTokens: TlsCapabilities = Object.freeze({ ...capabilities, pkcs11: false })

const systemDatabase = new TlsSystemDatabase()

/** The backend over GnuTLS. */
class GnutlsTlsBackend extends TlsBackendBase {
  readonly name = 'gnutls'
  readonly supports: TlsCapabilities
  readonly #context: EngineContext
  readonly #cookies: GnutlsCookies

  constructor(options: GnutlsBackendOptions) {
    super(options)
    const { library, priority, maxRecordSize, pkcs11Modules } = options
    requireText('library', library)
    requireText('priority', priority)
    requireRecordSize(maxRecordSize)
    requireModules(pkcs11Modules)
    const modules = pkcs11Modules && [...pkcs11Modules]
    this.#context = engineContext(openGnutls({ library }), {
      priority,
      maxRecordSize,
      pkcs11Modules: modules,
    })
    this.supports = this.#context.tokens.isSupported ? capabilities : withoutTokens
    this.#cookies = new GnutlsCookies(this.#context.gnutls, options.clock ?? systemClock)
    if (priority !== undefined) requirePriority(this.#context, priority)
  }

  /** What the operating system trusts; read once, for all backends of the process. */
  protected override systemDatabase(): TlsDatabase | null {
    return systemDatabase
  }

  protected createClientDriver(
    stream: IoStream,
    events: DriverEvents,
  ): TlsDriver<ClientHandshakeParameters> {
    return new EngineDriver(
      stream,
      new StreamEngine(this.#context, new ClientRole(this.#context, 'stream', events)),
    )
  }

  protected createServerDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters> {
    return new EngineDriver(
      stream,
      new StreamEngine(this.#context, new ServerRole(this.#context, 'stream')),
    )
  }

  protected override createDtlsClientEngine(
    settings: DtlsEngineSettings,
  ): DtlsEngine<ClientHandshakeParameters> {
    const role = new ClientRole(this.#context, 'datagrams')
    return new DatagramEngine(this.#context, role, settings)
  }

  protected override createDtlsServerEngine(
    settings: DtlsServerEngineSettings,
  ): DtlsEngine<ServerHandshakeParameters> {
    const role = new ServerRole(this.#context, 'datagrams')
    return new DatagramEngine(this.#context, role, settings)
  }

  protected override async readPkcs11Certificate(
    uri: string,
    openToken: OpenToken,
  ): Promise<readonly Uint8Array[]> {
    const { tokens, pkcs11Modules } = this.#context
    tokens.load(pkcs11Modules)
    return tokens.readChain(uri, openToken)
  }

  override get dtlsCookies(): DtlsCookies {
    return this.#cookies
  }
}

function requireText(name: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'string' || value === '')) {
    throw new TypeError(`The option ${name} is a text that is not empty.`)
  }
}

function requireModules(modules: unknown): void {
  if (modules === undefined) return
  const isText = (path: unknown) => typeof path === 'string' && path !== ''
  if (Array.isArray(modules) && modules.every(isText)) return
  throw new TypeError('The option pkcs11Modules is a list of paths.')
}

function requireRecordSize(size: unknown): void {
  if (size === undefined) return
  if (typeof size !== 'number')
    throw new TypeError('The option maxRecordSize is a number of bytes.')
  if (Number.isInteger(size) && size >= 512 && size <= MOST_PLAINTEXT) return
  throw new RangeError(`The option maxRecordSize is from 512 to ${MOST_PLAINTEXT}, not ${size}.`)
}

/** @throws TypeError where the versions are set by it, too: they would be set twice. */
function requirePriority({ priorities }: EngineContext, rules: string): void {
  if (/VERS-/i.test(rules)) {
    const message = `The priority "${rules}" sets versions, which minVersion and maxVersion do.`
    throw new TypeError(message)
  }
  try {
    priorities.get({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' }, rules)
  } catch (cause) {
    throw new TypeError(`GnuTLS cannot read the priority "${rules}".`, { cause })
  }
}

/**
 * Makes a backend over GnuTLS, with a session store of its own unless one is given.
 *
 * @throws TypeError or RangeError for an option that makes no sense.
 * @throws {@link TlsError} `TLS_UNAVAILABLE` if the library, or the package koffi which calls it, is
 *   missing or too old; the message says what was tried.
 */
export function createGnutlsBackend(options: GnutlsBackendOptions = {}): TlsBackend {
  return new GnutlsTlsBackend(options)
}

/** The registration of the backend over GnuTLS: name `gnutls`, priority -10. */
export const gnutlsBackend: BackendRegistration = Object.freeze({
  name: 'gnutls',
  priority: -10,
  supports: isMainThread ? capabilities : withoutTokens,
  create: (context: BackendContext) => createGnutlsBackend(context),
})
