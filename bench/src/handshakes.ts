import type { TlsClientConnection } from '@tlsio/core'
import type { Baseline, Comparison, Contender } from './comparison.js'
import {
  type ContextOptions,
  closeRaw,
  gatherSession,
  openRaw,
  ownContext,
  sharedContext,
} from './raw-client.js'
import { closeTlsio, type Settings, TlsioClient } from './tlsio-client.js'

/** Connections per round: enough to drown the timer, few enough that a round is over in a blink. */
export const HANDSHAKES = 100

/**
 * Connections under way at a time, so that the client and not the round trip is what is measured.
 */
const LANES = 4

type Version = 'TLSv1.2' | 'TLSv1.3'

/** All comparisons of handshakes with the server at `port`. */
export function handshakeComparisons(port: number): Comparison[] {
  const both = [false, true]
  return [
    ...both.map((guarded) => full(port, guarded)),
    ...both.map((guarded) => copied(port, guarded)),
    ...both.map((guarded) => resumedTls12(port, guarded)),
    automatic(port, 'TLSv1.3'),
    automatic(port, 'TLSv1.2'),
  ]
}

function full(port: number, guarded: boolean): Comparison {
  const settings = { requireCloseNotify: guarded, sessionResumption: 'off' } as const
  return {
    name: named('full', guarded),
    title: titled('Full handshakes, TLS 1.3', guarded),
    unit: 'handshakes/s',
    tlsio: tlsioContender(new TlsioClient(port), settings, 'never'),
    baselines: twoBaselines(port, 'TLSv1.3', 'never'),
  }
}

/** The server gives no ticket on a resumed connection, so both sides use one again and again. */
function copied(port: number, guarded: boolean): Comparison {
  const settings = { requireCloseNotify: guarded }
  return {
    name: named('resumed-tls13', guarded),
    title: titled('Resumed by copySessionState, TLS 1.3', guarded),
    unit: 'handshakes/s',
    tlsio: copyContender(new TlsioClient(port), settings),
    baselines: twoBaselines(port, 'TLSv1.3', 'always'),
  }
}

function resumedTls12(port: number, guarded: boolean): Comparison {
  const settings = { requireCloseNotify: guarded, maxVersion: 'TLSv1.2' } as const
  return {
    name: named('resumed-tls12', guarded),
    title: titled('Resumed automatically, TLS 1.2', guarded),
    unit: 'handshakes/s',
    tlsio: tlsioContender(new TlsioClient(port), settings, 'always'),
    baselines: twoBaselines(port, 'TLSv1.2', 'always'),
  }
}

/** What somebody gains who goes from a plain `tls.connect` to the defaults here. */
function automatic(port: number, version: Version): Comparison {
  return {
    name: version === 'TLSv1.3' ? 'automatic-tls13' : 'automatic-tls12',
    title: `All defaults against plain tls.connect, ${version.replace('v', ' ')}`,
    unit: 'handshakes/s',
    tlsio: tlsioContender(new TlsioClient(port), { maxVersion: version }, 'sometimes'),
    baselines: [
      {
        label: OWN_CONTEXT,
        aim: 1.2,
        ...rawContender(port, ownContext(version), 'never'),
      },
    ],
  }
}

/** Which connections of a round have to be resumed; anything else is an error. */
export type Resumption = 'always' | 'sometimes' | 'never'

function twoBaselines(port: number, version: Version, resumption: Resumption): Baseline[] {
  return [
    {
      label: 'raw, shared context',
      aim: 0.95,
      ...rawContender(port, sharedContext(version), resumption),
    },
    { label: OWN_CONTEXT, aim: 1.2, ...rawContender(port, ownContext(version), resumption) },
  ]
}

/** Raw `node:tls`, which offers the same session each time. */
export function rawContender(
  port: number,
  context: ContextOptions,
  resumption: Resumption,
): Contender {
  let session: Buffer | undefined
  return {
    amount: HANDSHAKES,
    async round(stopwatch) {
      if (resumption !== 'never') session ??= await gatherSession(port, context)
      await stopwatch.time(() =>
        manyConnections(resumption, async () => {
          const socket = await openRaw(port, context, session)
          const resumed = socket.isSessionReused()
          await closeRaw(socket)
          return resumed
        }),
      )
    },
  }
}

/** This library, as its settings say. */
export function tlsioContender(
  client: TlsioClient,
  settings: Settings,
  resumption: Resumption,
): Contender {
  let first: Promise<void> | undefined
  return {
    amount: HANDSHAKES,
    async round(stopwatch) {
      // The first connection of all has nothing to resume.
      first ??= client.open(settings).then(closeTlsio)
      await first
      await stopwatch.time(() =>
        manyConnections(resumption, async () => connectTlsio(client, settings)),
      )
    },
  }
}

/** This library, with the session of one connection that stays open. */
export function copyContender(client: TlsioClient, settings: Settings): Contender {
  return {
    amount: HANDSHAKES,
    async round(stopwatch) {
      const source = await client.open(settings)
      await source.getSession({ wait: 1000 })
      await stopwatch.time(() =>
        manyConnections('always', async () => connectTlsio(client, settings, source)),
      )
      await closeTlsio(source)
    },
  }
}

async function connectTlsio(
  client: TlsioClient,
  settings: Settings,
  copyFrom?: TlsClientConnection,
): Promise<boolean> {
  const connection = await client.open(settings, copyFrom)
  const resumed = connection.isSessionResumed === true
  await closeTlsio(connection)
  return resumed
}

/** Makes a round's connections, some at a time; `connect` tells whether it resumed. */
export async function manyConnections(
  resumption: Resumption,
  connect: () => Promise<boolean>,
): Promise<void> {
  let left = HANDSHAKES
  let resumed = 0
  const lane = async (): Promise<void> => {
    while (left-- > 0) if (await connect()) resumed++
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const expected = { always: resumed === HANDSHAKES, sometimes: resumed > 0, never: resumed === 0 }
  if (!expected[resumption]) {
    throw new Error(`${resumed} of ${HANDSHAKES} were resumed, expected: ${resumption}.`)
  }
}

export const OWN_CONTEXT = 'raw, options on every call'

function named(name: string, guarded: boolean): string {
  return guarded ? `${name}-guarded` : name
}

function titled(title: string, guarded: boolean): string {
  return guarded ? `${title}, requireCloseNotify` : title
}
