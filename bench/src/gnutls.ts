import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import type { TlsBackend } from '@tlsio/core'
import { serveRaw, serveTlsio, whenListening } from './both-ends.js'
import {
  rawReader,
  rawWriter,
  rawWriterAhead,
  SIZE,
  tlsioReader,
  tlsioWriter,
  tlsioWriterAhead,
} from './bulk.js'
import type { Baseline, Comparison, Contender } from './comparison.js'
import { engineHandshakes, engineReader } from './engine-alone.js'
import {
  copyContender,
  HANDSHAKES,
  OWN_CONTEXT,
  type Resumption,
  rawContender,
  tlsioContender,
} from './handshakes.js'
import { ownContext, sharedContext } from './raw-client.js'
import type { Ports } from './server.js'
import { TlsioClient } from './tlsio-client.js'

/** This library over GnuTLS against raw `node:tls`; truncation is told from an end in all of it. */
export function gnutlsComparisons(ports: Ports, signal: AbortSignal): readonly Comparison[] {
  let backend: TlsBackend
  try {
    backend = createGnutlsBackend()
  } catch (error) {
    return [{ ...nothing, problem: (error as Error).message }]
  }
  const client = (port: number) => new TlsioClient(port, backend)
  const noResumption = { sessionResumption: 'off' } as const
  const upTo12 = { maxVersion: 'TLSv1.2' } as const
  const { handshake, source, sink, acknowledgingSink } = ports
  const here = (make: (port: number) => Contender) => make(handshake)

  const clients: readonly Comparison[] = [
    {
      name: 'full',
      title: 'Full handshakes, TLS 1.3',
      unit: 'handshakes/s',
      tlsio: tlsioContender(client(handshake), noResumption, 'never'),
      baselines: twoBaselines(1, 'TLSv1.3', 'never', here),
    },
    {
      name: 'resumed-tls13',
      title: 'Resumed by copySessionState, TLS 1.3',
      unit: 'handshakes/s',
      tlsio: copyContender(client(handshake), {}),
      baselines: twoBaselines(1.3, 'TLSv1.3', 'always', here),
    },
    {
      name: 'resumed-tls12',
      title: 'Resumed automatically, TLS 1.2',
      unit: 'handshakes/s',
      tlsio: tlsioContender(client(handshake), upTo12, 'always'),
      baselines: twoBaselines(1.3, 'TLSv1.2', 'always', here),
    },
    {
      name: 'read',
      title: 'Bulk read',
      unit: 'MB/s',
      tlsio: tlsioReader(client(source), {}, SIZE),
      baselines: [raw(0.9, rawReader(source))],
    },
    {
      name: 'write',
      title: 'Bulk write',
      unit: 'MB/s',
      tlsio: tlsioWriter(client(sink), {}, SIZE),
      baselines: [raw(1, rawWriter(sink))],
    },
    {
      name: 'write-ahead',
      title: 'Bulk write, 1 MiB ahead at most',
      unit: 'MB/s',
      tlsio: tlsioWriterAhead(client(acknowledgingSink), {}, SIZE),
      baselines: [raw(1, rawWriterAhead(acknowledgingSink))],
    },
  ]

  const ours = (make: (port: number) => Contender) =>
    whenListening(HANDSHAKES, async () => make(await serveTlsio(backend, signal)))
  const theirs = (make: (port: number) => Contender) =>
    whenListening(HANDSHAKES, async () => make(await serveRaw()))
  const bothEnds: readonly Comparison[] = [
    {
      name: 'full-both-ends',
      title: 'Full handshakes, TLS 1.3, both ends',
      unit: 'handshakes/s',
      tlsio: ours((port) => tlsioContender(client(port), noResumption, 'never')),
      baselines: twoBaselines(1, 'TLSv1.3', 'never', theirs),
    },
    {
      name: 'resumed-tls13-both-ends',
      title: 'Resumed, TLS 1.3, both ends',
      unit: 'handshakes/s',
      tlsio: ours((port) => copyContender(client(port), {})),
      baselines: twoBaselines(1.3, 'TLSv1.3', 'always', theirs),
    },
    {
      name: 'resumed-tls12-both-ends',
      title: 'Resumed, TLS 1.2, both ends',
      unit: 'handshakes/s',
      tlsio: ours((port) => tlsioContender(client(port), upTo12, 'always')),
      baselines: twoBaselines(1.3, 'TLSv1.2', 'always', theirs),
    },
  ]
  // How far one can get: what is between these and the rows above is core's, and Node's streams'.
  const engineAlone: readonly Comparison[] = [
    {
      name: 'read-engine-alone',
      title: 'Bulk read, engine alone',
      unit: 'MB/s',
      tlsio: engineReader(source, SIZE),
      baselines: [raw(0.9, rawReader(source))],
    },
    {
      name: 'resumed-tls13-engine-alone',
      title: 'Resumed, TLS 1.3, both ends, engine alone',
      unit: 'handshakes/s',
      tlsio: engineHandshakes('TLSv1.3'),
      baselines: twoBaselines(1.3, 'TLSv1.3', 'always', theirs),
    },
    {
      name: 'resumed-tls12-engine-alone',
      title: 'Resumed, TLS 1.2, both ends, engine alone',
      unit: 'handshakes/s',
      tlsio: engineHandshakes('TLSv1.2'),
      baselines: twoBaselines(1.3, 'TLSv1.2', 'always', theirs),
    },
  ]
  return [...clients, ...bothEnds, ...engineAlone]
}

function raw(aim: number, contender: Contender): Baseline {
  return { label: 'raw, shared context', aim, ...contender }
}

/** Raw `node:tls` with a context that it makes once, and as it mostly is written. */
function twoBaselines(
  aim: number,
  version: 'TLSv1.2' | 'TLSv1.3',
  resumption: Resumption,
  at: (make: (port: number) => Contender) => Contender,
): readonly Baseline[] {
  const own = at((port) => rawContender(port, ownContext(version), resumption))
  return [
    raw(
      aim,
      at((port) => rawContender(port, sharedContext(version), resumption)),
    ),
    { label: OWN_CONTEXT, aim, ...own },
  ]
}

const nothing: Comparison = {
  name: 'gnutls',
  title: 'GnuTLS',
  unit: 'MB/s',
  tlsio: { amount: 0, round: async () => {} },
  baselines: [],
}
