import type { TlsAuthenticationMode } from '@tlsio/core'
import type { Pair, PairOptions } from './case-context.js'
import type { CaseSubject } from './conformance-case.js'
import { client } from './fixtures/fixtures.js'
import { certificateOf, testDatabase } from './fixtures/load.js'

/** Whether clients of the one authenticate to servers of the other. */
export function bothAuthenticate({ client, server }: CaseSubject): boolean {
  return client.clientCertificates && server.clientAuthentication
}

/** A server that asks, and a client with a certificate of its own unless said otherwise. */
export function asking(
  authenticationMode: TlsAuthenticationMode,
  options: PairOptions = { client: { certificate: certificateOf(client) } },
): PairOptions {
  return {
    ...options,
    server: {
      authenticationMode,
      database: testDatabase(),
      acceptCertificate: () => true,
      ...options.server,
    },
  }
}

/**
 * The client's handshake, or its first read where the handshake is over before the server has
 * judged.
 */
export async function clientOutcome(pair: Pair): Promise<unknown> {
  const failure = (error: unknown): unknown => error
  const server = pair.server.handshake().catch(failure)
  const handshake = await pair.client.handshake().catch(failure)
  const outcome = handshake ?? (await pair.client.read().catch(failure))
  await server
  return outcome
}
