import { constants, createHash } from 'node:crypto'
import {
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import { compareVersions, TicketKeys, type TlsProtocolVersion } from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  HandshakeParameters,
  ServerHandshakeParameters,
} from '@tlsio/core/backend'

/**
 * Contexts shared by connections with the same settings: parsing trust anchors and keys for each
 * connection costs a quarter of a handshake, and more with many anchors.
 */
class ContextCache {
  readonly #contexts = new Map<string, SecureContext>()

  get(key: string, options: () => SecureContextOptions): SecureContext {
    let context = this.#contexts.get(key)
    if (context === undefined) {
      context = createSecureContext(options())
      if (this.#contexts.size >= MAX_CONTEXTS) this.#dropOldest()
    } else {
      this.#contexts.delete(key)
    }
    this.#contexts.set(key, context)
    return context
  }

  #dropOldest(): void {
    for (const key of this.#contexts.keys()) {
      this.#contexts.delete(key)
      return
    }
  }
}

/** Settings used lately; a context holds about 100 KiB with a large trust store. */
const MAX_CONTEXTS = 32

const clientContexts = new ContextCache()
const serverContexts = new WeakMap<TicketKeys, ContextCache>()

/** The context of a client connection. */
export function clientContext(parameters: ClientHandshakeParameters): SecureContext {
  return clientContexts.get(parameters.settingsKey, () => ({
    ...sharedOptions(parameters),
    ca: pemsOf(parameters.anchors),
  }))
}

/** The context of a server connection: one for each set of ticket keys. */
export function serverContext(parameters: ServerHandshakeParameters): SecureContext {
  const { ticketKeys } = parameters
  let contexts = serverContexts.get(ticketKeys)
  if (contexts === undefined) {
    contexts = new ContextCache()
    serverContexts.set(ticketKeys, contexts)
  }
  return contexts.get(parameters.settingsKey, () => ({
    ...sharedOptions(parameters),
    ca: pemsOf(parameters.anchors),
    ticketKeys: Buffer.from(TicketKeys.bytesOf(ticketKeys)),
    // A session that a client authenticated in is good only where the same was asked of it.
    sessionIdContext: createHash('sha256')
      .update(parameters.settingsKey)
      .digest('hex')
      .slice(0, 32),
  }))
}

function sharedOptions(parameters: HandshakeParameters): SecureContextOptions {
  const { certificate, minVersion, maxVersion } = parameters
  const versions = { minVersion, maxVersion, ...strength(minVersion) } as SecureContextOptions
  if (certificate === undefined) return versions
  const key = certificate.privateKeyPem
  const cert = certificate
    .chain()
    .map(({ pem }) => pem)
    .join('')
  return key === undefined ? { ...versions, cert } : { ...versions, cert, key }
}

/** What OpenSSL has to be told, so that it speaks a deprecated version at all. */
function strength(minVersion: TlsProtocolVersion): SecureContextOptions {
  const secureOptions = constants.SSL_OP_NO_RENEGOTIATION
  if (compareVersions(minVersion, 'TLSv1.2') >= 0) return { secureOptions }
  return {
    secureOptions: secureOptions | constants.SSL_OP_LEGACY_SERVER_CONNECT,
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
  }
}

/** An empty list means that nobody is trusted; no list at all would be Node's own anchors. */
function pemsOf(anchors: readonly Uint8Array[]): string[] {
  return anchors.map((der) => {
    const lines = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64')
    return `-----BEGIN CERTIFICATE-----\n${lines.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  })
}
