import type {
  DtlsClientConnection,
  DtlsClientConnectionOptions,
  DtlsConnection,
  DtlsServerConnection,
  DtlsServerConnectionOptions,
} from '@tlsio/core'
import type { CaseContext } from './case-context.js'
import { deadline } from './deadline.js'
import {
  type DatagramFaults,
  type FaultyDatagramSocket,
  faultyDatagramPair,
} from './faulty-datagrams.js'
import { forA } from './fixtures/fixtures.js'
import { certificateOf } from './fixtures/load.js'

/** What a case may replace of a pair's defaults. */
export interface DatagramPairOptions extends DatagramFaults {
  /**
   * Options of the client. By default it expects `a.test`, and speaks the case's version only; flights
   * are sent again after 50 milliseconds, at both ends.
   */
  readonly client?: DtlsClientConnectionOptions | undefined
  /** Options of the server. By default it has a certificate for `a.test`. */
  readonly server?: DtlsServerConnectionOptions | undefined
}

/** A client and a server of one DTLS connection, over datagrams in memory. */
export interface DatagramPair {
  /** The client end. */
  readonly client: DtlsClientConnection
  /** The server end. */
  readonly server: DtlsServerConnection
  /** What the client end speaks over. */
  readonly clientSocket: FaultyDatagramSocket
  /** What the server end speaks over. */
  readonly serverSocket: FaultyDatagramSocket
  /** Runs the handshake on both ends; rejects if either fails. */
  handshake(): Promise<void>
}

/** Makes a client and a server; nothing is sent yet. */
export function datagramPair(
  context: CaseContext,
  { client, server, ...faults }: DatagramPairOptions = {},
): DatagramPair {
  const [clientSocket, serverSocket] = faultyDatagramPair(faults)
  const versions = { minVersion: context.version, maxVersion: context.version }
  const settings = { ...versions, retransmissionTimeout: RETRANSMISSION }
  const ends = {
    client: context.client.createDtlsClientConnection(clientSocket, {
      ...settings,
      serverIdentity: { hostname: 'a.test', port: 990 },
      ...client,
    }),
    server: context.server.createDtlsServerConnection(serverSocket, {
      ...settings,
      certificate: certificateOf(forA),
      ...server,
    }),
  }
  context.onCleanUp(() => {
    ends.client.abort(finished)
    ends.server.abort(finished)
    void clientSocket.close()
    void serverSocket.close()
  })
  const handshake = async () => {
    const both = Promise.all([ends.client.handshake(), ends.server.handshake()])
    await deadline(both, 'The handshake')
  }
  return { ...ends, clientSocket, serverSocket, handshake }
}

/** Makes a pair whose handshake is done. */
export async function datagramConnection(
  context: CaseContext,
  options?: DatagramPairOptions,
): Promise<DatagramPair> {
  const pair = datagramPair(context, options)
  await pair.handshake()
  return pair
}

/** The next message, which must come. */
export function nextMessage(connection: DtlsConnection): Promise<Uint8Array | null> {
  return deadline(connection.receive(), 'A message')
}

/** How long a flight waits for its answer before it is sent again: milliseconds. */
export const RETRANSMISSION = 50

const finished = new Error('The conformance case is over.')
