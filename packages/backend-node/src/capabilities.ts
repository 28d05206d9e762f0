import type { TlsCapabilities } from '@tlsio/core'

/** What node:tls can do on every supported Node. */
export const capabilities: TlsCapabilities = Object.freeze({
  protocolVersions: Object.freeze(['TLSv1.2', 'TLSv1.3'] as const),
  client: true,
  server: true,
  alpn: true,
  sessionResumption: true,
  serverSessionResumption: true,
  clientCertificates: true,
  // There is no hook at the moment of the server's request, and no way to know whom it named.
  certificateRequest: 'before-handshake',
  acceptedCas: false,
  clientAuthentication: true,
  // A resumed client gets no new ticket.
  ticketsPerHandshake: Object.freeze({ full: 2, resumed: 0 }),
  // On a socket of its own, OpenSSL shows `close_notify` and a bare end alike: see
  // guarded-transport.ts.
  truncationDetection: 'before-handshake',
  channelBindings: Object.freeze(['tls-unique', 'tls-server-end-point', 'tls-exporter'] as const),
  keyingMaterialExport: true,
  keyLog: true,
  halfClose: true,
})

/**
 * The same with the versions that RFC 8996 deprecates: OpenSSL has them, if it is told to lower its
 * guard.
 */
export const capabilitiesWithDeprecated: TlsCapabilities = Object.freeze({
  ...capabilities,
  protocolVersions: Object.freeze(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const),
})
