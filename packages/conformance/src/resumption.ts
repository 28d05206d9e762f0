import type { TlsClientConnection } from '@tlsio/core'
import { equal } from './assertions.js'
import type { CaseContext, Pair, PairOptions } from './case-context.js'
import type { CaseSubject } from './conformance-case.js'

/** Whether both ends can resume: most cases about sessions need that. */
export function bothResume({ client, server }: CaseSubject): boolean {
  return client.sessionResumption && server.serverSessionResumption
}

/** Whether both ends can resume by tickets that are to be used once (RFC 8446 Appendix C.4). */
export function bothResumeByTicket(subject: CaseSubject): boolean {
  return bothResume(subject) && subject.version === 'TLSv1.3'
}

/** Whether the client resumes by tickets, from whatever server: a scripted one. */
export function resumesByTicket({ client, version }: CaseSubject): boolean {
  return client.sessionResumption && version === 'TLSv1.3'
}

/** Whether both ends can resume by a session that may be used again (RFC 5246 §7.3). */
export function bothResumeBySession(subject: CaseSubject): boolean {
  return bothResume(subject) && subject.version !== 'TLSv1.3'
}

/**
 * Fails unless a session was resumed, or was not: the server is the witness, the client must agree.
 */
export function resumed({ client, server }: Pair, expected: boolean): void {
  equal(server.isSessionResumed, expected, 'Whether the server resumed a session')
  equal(client.isSessionResumed, expected, 'Whether the client says so')
}

/** Connects, waits for tickets, and closes in order. */
export async function connectOnce(context: CaseContext, options?: PairOptions): Promise<Pair> {
  const pair = await context.connect(options)
  await pair.close()
  return pair
}

/** Options of a data connection as in FTP: the same host, another port. */
export const dataConnection: PairOptions = {
  client: { serverIdentity: { hostname: 'a.test', port: 50_000 } },
}

/** Calls `copySessionState` and fails if it tells anything. */
export function copy(target: TlsClientConnection, source: TlsClientConnection): void {
  equal(target.copySessionState(source) as unknown, undefined, 'What copySessionState returns')
}

/** Connects with state copied from `source`, by default as a {@link dataConnection}. */
export async function copied(
  context: CaseContext,
  source: TlsClientConnection,
  options: PairOptions = dataConnection,
): Promise<Pair> {
  const pair = await context.pair(options)
  copy(pair.client, source)
  await pair.handshake()
  await pair.settle()
  return pair
}
