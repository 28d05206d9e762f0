import type { TlsCapabilities } from '../capabilities.js'
import { TlsCertificate } from '../certificate.js'
import { TlsChannelBindingError, type TlsChannelBindingType } from '../channel-binding.js'
import type { HandshakeResult, TlsDriver } from '../driver.js'

/** What a connection's channel bindings are made of. */
export interface BindingSource {
  readonly backendName: string
  readonly supports: TlsCapabilities
  readonly role: 'client' | 'server'
  readonly result: HandshakeResult
  readonly driver: TlsDriver<never>
  /** The server's certificate: the peer's for a client, our own for a server. */
  readonly serverCertificate: TlsCertificate | null | undefined
}

/** Makes a channel binding. @throws {@link TlsChannelBindingError} */
export async function channelBinding(
  type: TlsChannelBindingType,
  source: BindingSource,
): Promise<Uint8Array> {
  if (!source.supports.channelBindings.includes(type)) {
    throw new TlsChannelBindingError(
      'CHANNEL_BINDING_NOT_IMPLEMENTED',
      `Backend "${source.backendName}" has no channel binding ${type}.`,
    )
  }
  const data = await makers[type](source)
  if (data !== undefined && data.length > 0) return data
  throw new TlsChannelBindingError(
    'CHANNEL_BINDING_NOT_AVAILABLE',
    `This connection has no data for the channel binding ${type}.`,
  )
}

const makers: Record<
  TlsChannelBindingType,
  (source: BindingSource) => Promise<Uint8Array | undefined>
> = {
  'tls-unique': async ({ role, result, driver }) => {
    if (result.protocolVersion === 'TLSv1.3') {
      throw new TlsChannelBindingError(
        'CHANNEL_BINDING_GENERAL_ERROR',
        'tls-unique is not defined for TLS 1.3 (RFC 8446 Appendix C.5); use tls-exporter.',
      )
    }
    const finished = driver.finishedMessages?.()
    // RFC 5929 §3.1: the first Finished. In a resumed handshake the server sends it.
    const first = result.isSessionResumed === true ? 'server' : 'client'
    return first === role ? finished?.local : finished?.peer
  },

  'tls-server-end-point': async ({ serverCertificate }) => {
    if (serverCertificate === null || serverCertificate === undefined) return undefined
    const hash = TlsCertificate.signatureHashOf(serverCertificate)
    if (hash === undefined) {
      throw new TlsChannelBindingError(
        'CHANNEL_BINDING_NOT_SUPPORTED',
        `The signature of ${serverCertificate} has no hash of its own to make tls-server-end-point with.`,
      )
    }
    // RFC 5929 §4.1: MD5 and SHA-1 are replaced.
    const algorithm = hash === 'MD5' || hash === 'SHA-1' ? 'SHA-256' : hash
    const { der } = serverCertificate
    return new Uint8Array(await crypto.subtle.digest(algorithm, new Uint8Array(der)))
  },

  // RFC 9266 §2: no context, which up to TLS 1.2 is not the same as an empty one (RFC 5705 §4).
  'tls-exporter': async ({ driver }) => {
    try {
      return driver.exportKeyingMaterial?.('EXPORTER-Channel-Binding', 32, new Uint8Array(0))
    } catch (cause) {
      throw new TlsChannelBindingError(
        'CHANNEL_BINDING_GENERAL_ERROR',
        'The engine gave no keying material for tls-exporter.',
        { cause },
      )
    }
  },
}
