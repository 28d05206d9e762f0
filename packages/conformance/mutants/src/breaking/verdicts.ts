import type { CreateBackend } from '@tlsio/conformance'
import type {
  PeerVerification,
  TlsCertificate,
  TlsClientConnection,
  TlsServerConnection,
} from '@tlsio/core'
import { withClients, withServers } from './good.js'
import { replace } from './replace.js'

/** What a connection goes by when it asks the application, or does not. */
interface Accept {
  accepts(certificate: TlsCertificate, errors: number): Promise<boolean>
}

/** The steps of core's connections between the verdict on a peer and the end of the handshake. */
export interface Judging {
  decide(
    certificate: TlsCertificate,
    verdict: PeerVerification,
    accept: Accept,
    expected: string,
    problem: string | undefined,
  ): Promise<void>
  setPeer(certificate: TlsCertificate, verification: PeerVerification): void
}

/** Makes another verdict of the one that core has come to; databases of others are not asked for it. */
export type ChangeVerdict<C> = (
  verdict: PeerVerification,
  certificate: TlsCertificate,
  connection: C,
) => PeerVerification | Promise<PeerVerification>

/** Good, but what its clients make of a server is something else, in a full handshake. */
export function withClientVerdict(change: ChangeVerdict<TlsClientConnection>): CreateBackend {
  return withClients((connection) => changeVerdict(connection, change))
}

/** Good, but what its servers make of a client is something else. */
export function withServerVerdict(change: ChangeVerdict<TlsServerConnection>): CreateBackend {
  return withServers((connection) => changeVerdict(connection, change))
}

/** Makes other flags of those that core has found. */
export function withClientErrors(
  change: (errors: number, certificate: TlsCertificate, connection: TlsClientConnection) => number,
): CreateBackend {
  return withClientVerdict((verdict, certificate, connection) => ({
    ...verdict,
    errors: change(verdict.errors, certificate, connection),
  }))
}

/** The same for servers. */
export function withServerErrors(
  change: (errors: number, certificate: TlsCertificate, connection: TlsServerConnection) => number,
): CreateBackend {
  return withServerVerdict((verdict, certificate, connection) => ({
    ...verdict,
    errors: change(verdict.errors, certificate, connection),
  }))
}

/** The steps of a connection, which are no members for applications. */
export function judgingOf(connection: TlsClientConnection | TlsServerConnection): Judging {
  return connection as unknown as Judging
}

function changeVerdict<C extends TlsClientConnection | TlsServerConnection>(
  connection: C,
  change: ChangeVerdict<C>,
): void {
  replace(judgingOf(connection), 'decide', (decide) => async (certificate, verdict, ...rest) => {
    // A database with a verification of its own tells no path, and its word is the last.
    const isCore = verdict.path.length > 0
    const other = isCore ? await change(verdict, certificate, connection) : verdict
    await decide(certificate, other, ...rest)
  })
}
