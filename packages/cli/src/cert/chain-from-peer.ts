import { isIP } from 'node:net'
import {
  IoError,
  type PeerVerification,
  TlsCertificate,
  type TlsDatabase,
  TlsError,
} from '@tlsio/core'
import { connect } from '@tlsio/core/node'
import type { CliEnvironment } from '../cli.js'
import type { FoundChain } from './chain-from-file.js'

/** Whom to ask for its chain, and how. */
export interface PeerOptions {
  readonly host: string
  readonly port: number
  /** Whom it must be, and who is asked for (SNI). Default: the host. */
  readonly name?: string | undefined
  /** Protocols to offer by ALPN. Default: none. */
  readonly alpn?: readonly string[] | undefined
  /** In seconds. */
  readonly timeout: number
  /** What the connection verifies against. */
  readonly database: TlsDatabase
}

/** The chain of a peer, and what the connection made of it. */
export interface PeerFoundChain extends FoundChain {
  readonly verification: PeerVerification
}

/**
 * Shakes hands with a server and leaves, whatever its certificate is like.
 *
 * @throws Error if there is no handshake, in words for people.
 */
export async function chainFromPeer(
  { host, port, name, alpn, timeout, database }: PeerOptions,
  { backend, signal }: Pick<CliEnvironment, 'backend' | 'signal'>,
): Promise<PeerFoundChain> {
  const engine = backend()
  const deadline = AbortSignal.timeout(timeout * 1000)
  try {
    const connection = await connect({
      host,
      port,
      signal: AbortSignal.any([signal, deadline]),
      backend: engine,
      tls: {
        database,
        acceptCertificate: () => true,
        sessionResumption: 'off',
        ...(name === undefined ? {} : { serverIdentity: { hostname: name, port } }),
        ...(alpn === undefined ? {} : { advertisedProtocols: alpn }),
      },
    })
    const { peerCertificate: leaf, peerVerification: verification } = connection
    const { protocolVersion, cipherSuite, negotiatedProtocol, transport } = connection
    const address = transport.remoteAddress?.address ?? null
    // All is known by now: what goes wrong with the end changes nothing.
    await connection.close({ signal: deadline }).catch(() => connection.abort())
    if (leaf === null || verification === null) throw new Error('It has shown no certificate.')
    const source = {
      kind: 'peer',
      host,
      port,
      address,
      protocolVersion,
      cipherSuite,
      alpn: negotiatedProtocol,
      backend: engine.name,
    } as const
    // What is linked is not always all that a path needs.
    const onPath = verification.path.map((der) => TlsCertificate.fromDer(der))
    return { source, leaf, certificates: [...leaf.chain(), ...onPath], verification }
  } catch (cause) {
    signal.throwIfAborted()
    const at = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
    const reason = deadline.aborted ? `No answer within ${timeout} seconds.` : reasonOf(cause)
    throw new Error(`${at}: ${reason}`, { cause })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof IoError) {
    const known = reasons.get(error.code)
    if (known !== undefined) return known
  }
  if (error instanceof TlsError && error.code === 'TLS_NOT_TLS') {
    return `It speaks no TLS there, or gave up: ${error.message}`
  }
  return error instanceof Error ? error.message : String(error)
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['IO_HOST_NOT_FOUND', 'There is neither such a host nor such a file.'],
  ['IO_CONNECTION_REFUSED', 'Nothing listens there.'],
  ['IO_HOST_UNREACHABLE', 'There is no way to it.'],
])
