import type { TlsCapabilities } from '@tlsio/core'

/** What node-forge can do, on every runtime. */
export const capabilities: TlsCapabilities = Object.freeze({
  // Both are deprecated (RFC 8996).
  protocolVersions: Object.freeze(['TLSv1', 'TLSv1.1'] as const),
  dtlsVersions: Object.freeze([]),
  client: true,
  server: true,
  certificateKeys: Object.freeze(['RSA'] as const),
  alpn: false,
  sessionResumption: true,
  serverSessionResumption: true,
  clientCertificates: true,
  certificateRequest: 'during-handshake',
  acceptedCas: true,
  chainVerification: false,
  ocspStapling: false,
  clientAuthentication: true,
  // Sessions are resumed by ID.
  ticketsPerHandshake: null,
  truncationDetection: 'always',
  // Without the extended master secret (RFC 7627), which forge lacks, tls-unique and the exporter
  // bind to nothing where a session is resumed.
  channelBindings: Object.freeze(['tls-server-end-point'] as const),
  keyingMaterialExport: false,
  keyLog: true,
  halfClose: true,
  pkcs11: false,
})
