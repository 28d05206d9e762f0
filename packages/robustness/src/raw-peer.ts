import type { IoStream, TlsBackend, TlsConnection, TlsError, TlsProtocolVersion } from '@tlsio/core'
import { nameOf, outcome, turns, within } from './settle.js'
import { certificate, database, serverIdentity } from './subject.js'
import { wirePair } from './wire.js'

/** Who gets the bytes, and what it has sent and read before. */
export const receivers = ['client', 'server', 'server-after-its-hello'] as const
export type Receiver = (typeof receivers)[number]

/** What an end makes of bytes that are no proper TLS. */
export interface Reaction {
  readonly code: string
  readonly alert: number | undefined
  /** Number of the alert that it answers with, if it does so in the clear. */
  readonly answer: number | undefined
  /** Whether it has let go of the stream. */
  readonly dropped: boolean
  /** Whether the same error came once more. */
  readonly sticky: boolean
}

/** Sends bytes to an end that is about to shake hands, and then ends the stream. */
export async function reactionTo(
  backend: TlsBackend,
  input: Uint8Array,
  receiver: Receiver,
  version: TlsProtocolVersion,
): Promise<Reaction> {
  const hello =
    receiver === 'server-after-its-hello' ? await clientHello(backend, version) : undefined
  const wires = wirePair()
  const isClient = receiver === 'client'
  const [near, far] = isClient ? [wires.client, wires.server] : [wires.server, wires.client]
  const connection = connectionOn(backend, isClient, near, version)
  const handshake = outcome(connection.handshake())
  if (isClient) await far.read()
  if (hello !== undefined) {
    await far.write(hello)
    await far.read()
    // Its own bytes have left, so that an alert can follow at once.
    await turns(3)
  }
  await far.write(input)
  await far.closeWrite()
  const result = await within(handshake, () => 'the handshake hangs')
  const answer = alertIn(await lastOf(far))
  if ('value' in result) {
    await outcome(connection.close())
    return { code: 'ok', alert: undefined, answer, dropped: near.closed, sticky: false }
  }
  const again = await outcome(connection.read())
  return {
    code: nameOf(result.error),
    alert: (result.error as TlsError).alert,
    answer,
    dropped: near.closed,
    sticky: 'error' in again && again.error === result.error,
  }
}

function connectionOn(
  backend: TlsBackend,
  isClient: boolean,
  stream: IoStream,
  version: TlsProtocolVersion,
): TlsConnection {
  const versions = { minVersion: version, maxVersion: version }
  return isClient
    ? backend.createClientConnection(stream, {
        ...versions,
        database,
        serverIdentity,
        sessionResumption: 'off',
      })
    : backend.createServerConnection(stream, { ...versions, certificate })
}

/** A good ClientHello, in one record. */
async function clientHello(backend: TlsBackend, version: TlsProtocolVersion): Promise<Uint8Array> {
  const wires = wirePair()
  const connection = connectionOn(backend, true, wires.client, version)
  const handshake = outcome(connection.handshake())
  const hello = await wires.server.read()
  connection.abort()
  await handshake
  return hello ?? new Uint8Array(0)
}

/** The last chunk before the stream ends or breaks. */
async function lastOf(wire: {
  read(): Promise<Uint8Array | null>
}): Promise<Uint8Array | undefined> {
  let last: Uint8Array | undefined
  for (;;) {
    const result = await outcome(wire.read())
    if ('error' in result || result.value === null) return last
    last = result.value
  }
}

function alertIn(chunk: Uint8Array | undefined): number | undefined {
  return chunk?.length === 7 && chunk[0] === 21 ? chunk[6] : undefined
}
