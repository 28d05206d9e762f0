import type { CreateBackend } from '@tlsio/conformance'
import {
  type IoStream,
  type TlsCertificate,
  type TlsClientConnection,
  TlsDatabase,
  TlsSession,
  type VerifyChainOptions,
} from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import { Passing, withClientDriver } from './drivers.js'
import { createGood } from './good.js'
import { noteLibraryChange } from './library.js'

/**
 * Good, but each client connection is changed when it is made, by somebody who knows whether its engine
 * was given a session to offer.
 */
export function withClientsAndOffers(
  change: (connection: TlsClientConnection, hasOffered: () => boolean) => void,
): CreateBackend {
  const offering = new WeakSet<IoStream>()
  const create = withClientDriver((make, stream, events) => {
    return new (class extends Passing<ClientHandshakeParameters> {
      override handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
        if (asked.session !== undefined) offering.add(stream)
        return super.handshake(asked)
      }
    })(make(stream, events))
  })
  return (context) => {
    const backend = create(context)
    const createClient = backend.createClientConnection.bind(backend)
    backend.createClientConnection = (stream, options) => {
      const connection = createClient(stream, options)
      change(connection, () => offering.has(connection.transport))
      return connection
    }
    return backend
  }
}

type VerifyChain = (certificate: TlsCertificate, options: VerifyChainOptions) => Promise<number>

/** Like another, but the peer that is kept with a session is judged in another way than one shown. */
export function withKeptPeersJudged(
  change: (
    verify: VerifyChain,
    certificate: TlsCertificate,
    options: VerifyChainOptions,
  ) => Promise<number>,
  create: CreateBackend = createGood,
): CreateBackend {
  let changed = false
  return (context) => {
    if (!changed) judgeKeptPeers(change)
    noteLibraryChange()
    changed = true
    return create(context)
  }
}

function judgeKeptPeers(change: Parameters<typeof withKeptPeersJudged>[0]): void {
  const kept = new WeakSet<TlsCertificate>()
  const factsOf = TlsSession.factsOf
  TlsSession.factsOf = (session) => {
    const facts = factsOf(session)
    if (facts.peerCertificate !== null) kept.add(facts.peerCertificate)
    return facts
  }
  const { prototype } = TlsDatabase
  const verifyChain = prototype.verifyChain
  prototype.verifyChain = function (certificate, options = {}) {
    const verify: VerifyChain = (one, other) => verifyChain.call(this, one, other)
    // Core has read the facts of a session before it judges its peer, and each handshake that shows a
    // certificate makes an object of its own of it.
    return kept.has(certificate)
      ? change(verify, certificate, options)
      : verify(certificate, options)
  }
}
