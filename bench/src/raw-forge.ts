// node-forge as an application uses it by itself.
import forge from 'node-forge'
import { legacyKeyPem, legacyPem, SERVER_NAME } from './certificates.js'

/** What comes of one end of a connection. Bytes are text, one character each, as forge has them. */
export interface RawForgeHandlers {
  /** Sends to the peer. */
  send(ciphertext: string): void
  /** Takes what the peer has sent. */
  receive(plaintext: string): void
  connected?(): void
  /** The connection is over, in order if without an error. */
  closed(error?: Error): void
}

/** A client that trusts the server of the measurements and nobody else. */
export function rawForgeClient(handlers: RawForgeHandlers): forge.tls.Connection {
  return createConnection(handlers, {
    server: false,
    caStore: forge.pki.createCaStore([legacyPem]),
    virtualHost: SERVER_NAME,
    verify: (_connection, verified, depth, [leaf]) =>
      depth > 0 || leaf?.subject.getField('CN').value === SERVER_NAME ? verified : BAD_CERTIFICATE,
  })
}

/** A server. */
export function rawForgeServer(handlers: RawForgeHandlers): forge.tls.Connection {
  return createConnection(handlers, {
    server: true,
    getCertificate: () => legacyPem,
    getPrivateKey: () => legacyKeyPem,
  })
}

type ConnectionOptions = Parameters<typeof forge.tls.createConnection>[0]

function createConnection(
  { send, receive, connected, closed }: RawForgeHandlers,
  role: Partial<ConnectionOptions>,
): forge.tls.Connection {
  return forge.tls.createConnection({
    ...role,
    cipherSuites: Object.values(forge.tls.CipherSuites).filter(({ name }) => name === SUITE),
    connected: () => connected?.(),
    tlsDataReady: ({ tlsData }) => send(tlsData.getBytes()),
    dataReady: ({ data }) => receive(data.getBytes()),
    closed: () => closed(),
    error: (_connection, { message }) => closed(new Error(`forge failed: ${message}`)),
  })
}

const SUITE = 'TLS_RSA_WITH_AES_128_CBC_SHA'
const BAD_CERTIFICATE = { alert: 42, message: 'The certificate is for another name.' } as const
