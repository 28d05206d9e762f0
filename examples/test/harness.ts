// What several test files need: a backend, a server with its client, deadlines and scratch folders.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { type TlsBackend, TlsCertificate, TlsDatabase } from '@tlsio/core'
import { createTlsContainer, TLS_BACKEND } from '@tlsio/core/di'
import type { ExecutionContext } from 'ava'
import { authorityPem, localhostKeyPem, localhostPem } from '#src/demo/certificates.js'
import { FtpServer, type FtpServerOptions } from '#src/ftp-server/server.js'
import { FtpsClient } from '#src/ftps/client.js'
import type { FtpsOptions } from '#src/ftps/options.js'

/** Trusts the certificate that the servers of these tests have. */
export const database: TlsDatabase = TlsDatabase.fromPem(authorityPem)

/** The certificate of `localhost`, with its key. */
export const localhostCertificate: TlsCertificate = TlsCertificate.fromPem(
  localhostPem + localhostKeyPem,
)

/** A node backend, or another, with a session store of its own. */
export function createBackend(register = registerNodeBackend): TlsBackend {
  return createTlsContainer(register).resolve(TLS_BACKEND)
}

/** Starts the FTPS server, until the test ends; a session that failed by itself fails the test. */
export async function startServer(
  t: ExecutionContext,
  options: Partial<FtpServerOptions> = {},
): Promise<FtpServer> {
  const certificate = localhostCertificate
  const server = await FtpServer.start({ backend: createBackend(), certificate, ...options })
  t.teardown(() => server.close())
  return server
}

/** Options for a client of a server on 127.0.0.1 that has the certificate of `localhost`. */
export function clientOptions(port: number, options: Partial<FtpsOptions> = {}): FtpsOptions {
  return { backend: createBackend(), host: 'localhost', port, tls: { database }, ...options }
}

/** Connects a client, until the test ends. */
export async function connect(
  t: ExecutionContext,
  port: number,
  options: Partial<FtpsOptions> = {},
): Promise<FtpsClient> {
  const client = await within(FtpsClient.connect(clientOptions(port, options)), 'the login')
  t.teardown(() => client.abort())
  return client
}

/** `promise`, or a failure that names what was awaited: nothing here may end by a time-out. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const stop = new AbortController()
  const late = setTimeout(10_000, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`Waited in vain for ${what}.`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    stop.abort()
  }
}

/** All of a remote file. */
export async function downloadAll(client: FtpsClient, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  await client.download(path, (chunk) => {
    chunks.push(chunk)
  })
  return Buffer.concat(chunks)
}

/** `content` in chunks of 64 KiB. */
export async function* inChunks(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 65536) yield content.subarray(at, at + 65536)
}

/** A scratch folder, until the test ends. */
export async function scratchFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-ftps-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}
