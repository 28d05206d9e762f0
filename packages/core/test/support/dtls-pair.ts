import { type DatagramFaults, faultyDatagramPair, ManualClock } from '@tlsio/conformance'
import { forA } from '@tlsio/conformance/fixtures'
import {
  type DtlsClientConnectionOptions,
  type DtlsConnection,
  type DtlsServerConnectionOptions,
  TlsCertificate,
} from '@tlsio/core'
import type { ExecutionContext } from 'ava'
import { ScriptedDtlsBackend } from './scripted-dtls.js'
import { text } from './scripted-engine.js'

export const certificate = TlsCertificate.fromPem(`${forA.certificate}${forA.privateKey}`)

// Here time goes by turns: what another thread takes as long as it likes for is done before.
await Promise.all([certificate.fingerprint(), TlsCertificate.settingsKeyOf(certificate)])

export interface Options extends DatagramFaults {
  readonly client?: DtlsClientConnectionOptions
  readonly server?: DtlsServerConnectionOptions
}

/** Both ends over a network in memory; time is the test's. */
export function both(t: ExecutionContext, { client = {}, server = {}, ...faults }: Options = {}) {
  const clock = new ManualClock()
  const backend = new ScriptedDtlsBackend({ clock })
  const sockets = faultyDatagramPair({ ...faults, clock })
  const connection = backend.createDtlsClientConnection(sockets[0], {
    acceptCertificate: () => true,
    ...client,
  })
  const peer = backend.createDtlsServerConnection(sockets[1], { certificate, ...server })
  t.teardown(() => {
    connection.abort()
    peer.abort()
  })
  return { clock, backend, sockets, connection, peer }
}

export type Parts = ReturnType<typeof both>

/** Lets time pass until `operation` is over: steps of 10 milliseconds, at most two minutes. */
export async function inTime<T>(
  { clock }: Pick<Parts, 'clock'>,
  operation: Promise<T>,
): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  operation.then(over, over)
  for (let step = 0; step < 12_000; step++) {
    await turn()
    // WebCrypto has threads of its own, which may be late: time waits for them.
    await crypto.subtle.digest('SHA-256', certificate.der)
    if (isOver) return operation
    clock.advance(10)
  }
  throw new Error('It took more than two minutes.')
}

export async function open(t: ExecutionContext, options?: Options): Promise<Parts> {
  const parts = both(t, options)
  await inTime(parts, shakeHands(parts))
  return parts
}

export async function shakeHands({ connection, peer }: Parts): Promise<void> {
  await Promise.all([connection.handshake(), peer.handshake()])
}

/** One turn of the event loop: everything in memory has been passed on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn()
}

export async function received(connection: DtlsConnection): Promise<string> {
  return text(await connection.receive())
}
