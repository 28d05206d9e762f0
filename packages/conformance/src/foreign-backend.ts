import { type TlsCapabilities, TlsError } from '@tlsio/core'
import { TlsBackendBase } from '@tlsio/core/backend'

/**
 * A backend of another name that cannot do TLS: a source of client connections to copy from in
 * vain.
 */
export class ForeignBackend extends TlsBackendBase {
  override readonly name: string = 'foreign'
  override readonly supports: TlsCapabilities = {
    protocolVersions: [],
    client: false,
    server: false,
    alpn: false,
    sessionResumption: false,
    serverSessionResumption: false,
    clientCertificates: false,
    certificateRequest: 'never',
    acceptedCas: false,
    clientAuthentication: false,
    ticketsPerHandshake: null,
    truncationDetection: 'never',
    channelBindings: [],
    keyingMaterialExport: false,
    keyLog: false,
    halfClose: false,
  }

  protected override createClientDriver(): never {
    throw new TlsError('TLS_UNAVAILABLE', 'This backend exists only to be foreign.')
  }

  protected override createServerDriver(): never {
    return this.createClientDriver()
  }
}
