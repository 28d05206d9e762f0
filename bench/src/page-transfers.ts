// What the page does: both ends of a connection, in memory, since a page has no TCP.
import { type CipherLibrary, createForgeBackend } from '@tlsio/backend-forge'
import { memoryStreamPair, TlsCertificate, type TlsConnection, TlsDatabase } from '@tlsio/core'
import forge from 'node-forge'
import { legacyKeyPem, legacyPem, SERVER_NAME } from './certificates.js'
import { CHUNK_SIZE } from './chunk-size.js'
import { rawForgeClient, rawForgeServer } from './raw-forge.js'

/** From the server to the client, or from the client to the server. */
export type Direction = 'read' | 'write'

/** Resolves with the seconds that so many bytes took; the handshake does not count. */
export type Transfer = (direction: Direction, size: number) => Promise<number>

/** What is measured: this library with the ciphers of one library, or raw forge. */
export type Subject = 'webcrypto' | 'noble' | 'raw'

/** This library at both ends, with the ciphers of WebCrypto. */
export const webcrypto: Transfer = (direction, size) => transfer('webcrypto', direction, size)

/** The same with those of @noble. */
export const noble: Transfer = (direction, size) => transfer('noble', direction, size)

async function transfer(ciphers: CipherLibrary, direction: Direction, size: number) {
  const [client, server] = await connectTlsio(ciphers)
  const [sender, receiver] = direction === 'read' ? [server, client] : [client, server]
  const chunk = new Uint8Array(CHUNK_SIZE)
  const before = performance.now()
  const received = receive(receiver, size)
  for (let left = size; left > 0; left -= CHUNK_SIZE) await sender.write(chunk)
  await received
  const elapsed = performance.now() - before
  await Promise.all([client.close(), server.close()])
  return elapsed / 1e3
}

/**
 * Raw forge at both ends, each of which hands its ciphertext straight to the other. The application
 * has bytes, as with this library, and forge wants text.
 */
export const raw: Transfer = async (direction, size) => {
  let count = 0
  const [client, server] = connectRaw((plaintext) => {
    count += binary.decode(plaintext).length
  })
  const sender = direction === 'read' ? server : client
  const chunk = new Uint8Array(CHUNK_SIZE)
  const before = performance.now()
  for (let left = size; left > 0; left -= CHUNK_SIZE) sender.prepare(binary.encode(chunk))
  const elapsed = performance.now() - before
  if (count !== size) throw new Error(`${count} of ${size} bytes arrived.`)
  return elapsed / 1e3
}

const binary = forge.util.binary.raw

const database = TlsDatabase.fromPem(legacyPem)
const certificate = TlsCertificate.fromPem(legacyPem + legacyKeyPem)

async function connectTlsio(ciphers: CipherLibrary): Promise<[TlsConnection, TlsConnection]> {
  const [near, far] = memoryStreamPair()
  const client = createForgeBackend({ ciphers }).createClientConnection(near, {
    database,
    serverIdentity: { hostname: SERVER_NAME },
    minVersion: 'TLSv1.1',
  })
  const server = createForgeBackend({ ciphers }).createServerConnection(far, {
    certificate,
    minVersion: 'TLSv1.1',
  })
  await Promise.all([client.handshake(), server.handshake()])
  return [client, server]
}

async function receive(connection: TlsConnection, size: number): Promise<void> {
  for (let left = size; left > 0; ) {
    const chunk = await connection.read()
    if (chunk === null) throw new Error(`${left} of ${size} bytes did not arrive.`)
    left -= chunk.length
  }
}

// forge's servers skip the first of these, so that they never choose TLS 1.1: now it stands twice.
forge.tls.SupportedVersions.unshift(forge.tls.Version)

function connectRaw(
  take: (plaintext: string) => void,
): [forge.tls.Connection, forge.tls.Connection] {
  const closed = (error = new Error('The connection was closed.')): never => {
    throw error
  }
  const client: forge.tls.Connection = rawForgeClient({
    send: (ciphertext) => server.process(ciphertext),
    receive: take,
    closed,
  })
  const server: forge.tls.Connection = rawForgeServer({
    send: (ciphertext) => client.process(ciphertext),
    receive: take,
    closed,
  })
  // All of it happens before this returns.
  client.handshake()
  if (!client.isConnected || !server.isConnected || client.version.minor !== 2) {
    throw new Error('Raw forge has not agreed with itself on TLS 1.1.')
  }
  return [client, server]
}
