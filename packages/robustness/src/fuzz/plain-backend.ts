import type { IoStream, TlsCapabilities, TlsProtocolVersion } from '@tlsio/core'
import {
  type ClientHandshakeParameters,
  type DriverEvents,
  type ServerHandshakeParameters,
  TlsBackendBase,
} from '@tlsio/core/backend'
import { PlainDriver } from './plain-driver.js'

const versions: readonly TlsProtocolVersion[] = ['TLSv1.2', 'TLSv1.3']

/**
 * An engine without encryption: it has TLS's states, and nothing that takes time. It shows whether core alone keeps
 * its promises, also those it makes to drivers.
 */
export class PlainBackend extends TlsBackendBase {
  readonly name = 'plain'
  /** Promises to drivers that core broke. */
  readonly broken: string[] = []
  readonly supports: TlsCapabilities = {
    protocolVersions: versions,
    dtlsVersions: [],
    client: true,
    server: true,
    certificateKeys: ['RSA', 'EC'],
    alpn: false,
    sessionResumption: false,
    serverSessionResumption: false,
    clientCertificates: false,
    certificateRequest: 'never',
    acceptedCas: false,
    chainVerification: false,
    ocspStapling: false,
    clientAuthentication: false,
    ticketsPerHandshake: null,
    truncationDetection: 'always',
    channelBindings: [],
    keyingMaterialExport: false,
    keyLog: false,
    halfClose: true,
    pkcs11: false,
  }

  protected createClientDriver(
    stream: IoStream,
    _events: DriverEvents,
  ): PlainDriver<ClientHandshakeParameters> {
    return new PlainDriver<ClientHandshakeParameters>('client', stream, this.broken)
  }

  protected createServerDriver(stream: IoStream): PlainDriver<ServerHandshakeParameters> {
    return new PlainDriver<ServerHandshakeParameters>('server', stream, this.broken)
  }
}
