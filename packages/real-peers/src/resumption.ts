// What is asked of every server about resumption, with the server as the witness.
import type { ClientConnectionOptions, TlsClientConnection, TlsProtocolVersion } from '@tlsio/core'
import type { ExecutionContext } from 'ava'
import { Client, only } from './client.js'
import type { DefineTest } from './programs.js'
import { certificate, type Subject } from './subject.js'

/** A running server that can be asked about the connection. */
export interface Witness {
  readonly port: number
  /** Sends a request; gives what the server says of resumption, `undefined` if it says nothing. */
  ask(connection: TlsClientConnection): Promise<boolean | undefined>
}

/** Starts a server with the settings that a test is about, until the test ends. */
export type StartWitness = (t: ExecutionContext) => Promise<Witness>

/** Adds tests for each version: automatically, by copy, and not at all if the client forbids it. */
export function defineResumptionTests(
  subject: Subject,
  define: DefineTest,
  start: StartWitness,
): void {
  for (const version of subject.versions) {
    define(`${version}/resumes-automatically`, async (t) => {
      await visit(t, subject, await start(t), version, [false, true, true, true])
    })
    define(`${version}/resumes-by-copy`, async (t) => {
      await visitWithCopies(t, subject, await start(t), version, true)
    })
    define(`${version}/resumption-off-is-a-full-handshake`, async (t) => {
      const options = { sessionResumption: 'off' } as const
      await visit(t, subject, await start(t), version, [false, false], options)
    })
  }
}

/** What a server that never resumes does: gives sessions and takes none of them, or gives none. */
export type Never = 'gives-sessions' | 'gives-none'

/** Adds a test that such a server is no trouble: each handshake is a full one. */
export function defineNeverResumesTest(
  subject: Subject,
  define: DefineTest,
  version: TlsProtocolVersion,
  never: Never,
  title: string,
  start: StartWitness,
): void {
  define(`${version}/never-resumes/${title}`, async (t) => {
    const server = await start(t)
    await visit(t, subject, server, version, [false, false, false])
    const given = await visitWithCopies(t, subject, server, version, false)
    t.is(given > 0, never === 'gives-sessions')
  })
}

/** Connects once for each entry, which says whether that connection is to be a resumed one. */
export async function visit(
  t: ExecutionContext,
  subject: Subject,
  server: Witness,
  version: TlsProtocolVersion,
  expected: readonly boolean[],
  options: ClientConnectionOptions = {},
): Promise<void> {
  const client = new Client(t, subject, server.port, { ...only(version), ...options })
  for (const resumed of expected) {
    const connection = await client.open()
    await check(t, server, connection, version, resumed)
    await connection.close()
  }
}

/**
 * Connects without a store's help: only what is copied from the first connection can be resumed.
 * Gives the number of sessions that the first one got.
 */
async function visitWithCopies(
  t: ExecutionContext,
  subject: Subject,
  server: Witness,
  version: TlsProtocolVersion,
  resumed: boolean,
): Promise<number> {
  const source = await new Client(t, subject, server.port, only(version)).open()
  let given = 0
  source.addEventListener('session', () => given++)
  await check(t, server, source, version, false)
  // Closed first: some servers have one connection at a time.
  await source.close()
  for (let i = 0; i < 3; i++) {
    const copy = await new Client(t, subject, server.port, only(version)).open()
    copy.copySessionState(source)
    await check(t, server, copy, version, resumed)
    await copy.close()
  }
  return given
}

async function check(
  t: ExecutionContext,
  server: Witness,
  connection: TlsClientConnection,
  version: TlsProtocolVersion,
  resumed: boolean,
): Promise<void> {
  const word = await server.ask(connection)
  t.is(connection.isSessionResumed, resumed)
  t.is(word ?? resumed, resumed, "the server's word")
  t.is(connection.protocolVersion, version)
  t.is(connection.peerCertificate?.subjectName, certificate.subjectName)
  t.is(connection.peerCertificateErrors, 0)
}
