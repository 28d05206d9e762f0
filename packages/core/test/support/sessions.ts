import { TlsSession } from '@tlsio/core'
import type { SessionFacts } from '#src/session/tls-session.js'

/** A session with facts that do not matter, but for those given. */
export function makeSession(
  facts: Partial<SessionFacts> = {},
  lifetime: number | undefined = undefined,
): TlsSession {
  return new TlsSession(
    {
      backendName: 'scripted',
      protocolVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      identity: { kind: 'name', host: 'a.test', port: 990 },
      peerCertificate: null,
      peerCertificateErrors: 0,
      peerChain: [],
      engineErrors: undefined,
      trustFingerprint: 'anchors:1',
      certificateFingerprint: '',
      negotiatedProtocol: null,
      receivedAt: 0,
      ...facts,
    },
    { data: new Uint8Array([1]), lifetime },
  )
}
