import type { TlsCapabilities } from '@tlsio/core'

/** What GnuTLS can do; one that was built without p11-kit has no tokens. */
export const capabilities: TlsCapabilities = Object.freeze({
  protocolVersions: Object.freeze(['TLSv1.2', 'TLSv1.3'] as const),
  dtlsVersions: Object.freeze(['DTLSv1.2'] as const),
  client: true,
  server: true,
  certificateKeys: Object.freeze(['RSA', 'RSA-PSS', 'EC', 'Ed25519', 'Ed448'] as const),
  alpn: true,
  sessionResumption: true,
  serverSessionResumption: true,
  clientCertificates: true,
  certificateRequest: 'during-handshake',
  acceptedCas: true,
  chainVerification: true,
  ocspStapling: true,
  clientAuthentication: true,
  ticketsPerHandshake: Object.freeze({ full: 2, resumed: 2 }),
  truncationDetection: 'always',
  channelBindings: Object.freeze(['tls-unique', 'tls-server-end-point', 'tls-exporter'] as const),
  keyingMaterialExport: true,
  keyLog: true,
  halfClose: true,
  pkcs11: true,
})
