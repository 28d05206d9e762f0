import type { TlsCapabilities } from '@tlsio/core'

/** What node:tls can do on every supported Node. */
const onNode: TlsCapabilities = Object.freeze({
  protocolVersions: Object.freeze(['TLSv1.2', 'TLSv1.3'] as const),
  dtlsVersions: Object.freeze([]),
  client: true,
  server: true,
  certificateKeys: Object.freeze(['RSA', 'RSA-PSS', 'EC', 'Ed25519'] as const),
  alpn: true,
  sessionResumption: true,
  serverSessionResumption: true,
  clientCertificates: true,
  // There is no hook at the moment of the server's request, and no way to know whom it named.
  certificateRequest: 'before-handshake',
  acceptedCas: false,
  chainVerification: true,
  ocspStapling: true,
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
  pkcs11: false,
})

/** Bun's node:tls, over BoringSSL. */
const onBun: TlsCapabilities = Object.freeze({
  ...onNode,
  // `requestOCSP` is taken, and the server is not asked.
  ocspStapling: false,
  // BoringSSL and rustls know none for RSASSA-PSS only.
  certificateKeys: Object.freeze(['RSA', 'EC', 'Ed25519'] as const),
  ticketsPerHandshake: Object.freeze({ full: 2, resumed: 2 }),
  // Over a Duplex, which truncation detection needs, what comes after our own end is lost.
  halfClose: false,
})

/** Deno's node:tls, over rustls: it has the methods, but not always what they promise. */
const onDeno: TlsCapabilities = Object.freeze({
  ...onNode,
  certificateKeys: onBun.certificateKeys,
  // The server is always asked, and its answer is not handed over.
  ocspStapling: false,
  // `getSession` and the `session` event give a placeholder, which is never offered on the wire.
  sessionResumption: false,
  // Of most problems it says that nobody vouches for the certificate, and its servers say nothing.
  chainVerification: false,
  // A resumed client gets two new ones.
  ticketsPerHandshake: Object.freeze({ full: 2, resumed: 2 }),
  // `getFinished` gives other bytes than those on the wire, and there is no exporter.
  channelBindings: Object.freeze(['tls-server-end-point'] as const),
  keyingMaterialExport: false,
  keyLog: false,
})

/** What node:tls can do in the runtime with these `process.versions`. */
export function capabilitiesOn(
  versions: Readonly<Record<string, string | undefined>>,
): TlsCapabilities {
  if (versions.bun !== undefined) return onBun
  if (versions.deno !== undefined) return onDeno
  return onNode
}

/** What node:tls can do in this runtime. */
export const capabilities: TlsCapabilities = capabilitiesOn(process.versions)

/**
 * The same with the versions that RFC 8996 deprecates: OpenSSL has them, if it is told to lower its
 * guard, and rustls does not.
 */
export const capabilitiesWithDeprecated: TlsCapabilities =
  capabilities === onDeno
    ? onDeno
    : Object.freeze({
        ...capabilities,
        protocolVersions: Object.freeze(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const),
      })
