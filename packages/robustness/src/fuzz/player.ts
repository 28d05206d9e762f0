import type { TlsBackend, TlsCertificate, TlsDatabase } from '@tlsio/core'
import { fromDuplex, toDuplex } from '@tlsio/core/node'
import { concat } from '@tlsio/core/wire'
import { nameOf, turn, turns, within } from '../settle.js'
import type { Unhandled } from '../unhandled.js'
import { stalled, type WireEnd, wirePair } from '../wire.js'
import { misaccounted } from './accounting.js'
import { DeadEnd } from './dead-end.js'
import { complaint } from './documented-errors.js'
import {
  type Interleaving,
  isDisturbed,
  isPeaceful,
  isTampered,
  type Pause,
  type Side,
} from './interleaving.js'
import { type Operation, PlayerEnd } from './player-end.js'
import type { Tally } from './tally.js'

/** What a run is played with. */
export interface Stage {
  readonly backend: TlsBackend
  readonly certificate: TlsCertificate
  readonly database: TlsDatabase
  /** Whether the backend notices changed bytes, as TLS does. */
  readonly isAuthentic: boolean
  readonly unhandled: Unhandled
  readonly tally: Tally
}

/** Plays one run. @throws an error that lists all that went against the contract. */
export async function play(run: Interleaving, stage: Stage): Promise<void> {
  const wires = wirePair(undefined, undefined, run.highWaterMark)
  const client = endOf('client', run, stage, wires.client)
  const server = endOf('server', run, stage, wires.server)
  const ends = [client, server]
  try {
    if (run.open) await opened(client, server)
    for (const step of run.steps) {
      const end = step.side === 'client' ? client : server
      await paused(step.pause, end.take(step))
    }
    await released(run, ends, finish(run, client, server))
    await released(run, ends, settled(ends))
    await verify(run, stage, client, server)
  } finally {
    for (const end of ends) end.connection.abort()
  }
}

function endOf(side: Side, run: Interleaving, stage: Stage, wire: WireEnd): PlayerEnd {
  const settings = run[side]
  const faulty = new DeadEnd(wire, settings.faults)
  const stream = settings.overDuplex
    ? fromDuplex(toDuplex(faulty, { allowHalfOpen: true }))
    : faulty
  const { requireCloseNotify } = settings
  const common = { requireCloseNotify, minVersion: run.version, maxVersion: run.version }
  const { backend, certificate, database } = stage
  const connection =
    side === 'client'
      ? backend.createClientConnection(stream, {
          ...common,
          database,
          serverIdentity: { hostname: 'a.test', port: 990 },
          sessionResumption: run.resumption,
        })
      : backend.createServerConnection(stream, { ...common, certificate })
  const other = run[side === 'client' ? 'server' : 'client']
  return new PlayerEnd(side, connection, wire, faulty, settings, other.faults)
}

/** Shakes hands; with a stream that breaks, as far as that goes. */
async function opened(client: PlayerEnd, server: PlayerEnd): Promise<void> {
  const both = [client.start('handshake').done, server.start('handshake').done]
  await within(Promise.all(both), () => `the first handshake hangs: ${hanging([client, server])}`)
}

async function paused(pause: Pause, operation: Operation | undefined): Promise<void> {
  if (pause === 'outcome') {
    for (let left = 5; left > 0 && operation?.result === undefined; left--) await turn()
  } else if ('turns' in pause) {
    await turns(pause.turns)
  } else {
    for (let left = pause.microtasks; left > 0; left--) await undefined
  }
}

async function finish(run: Interleaving, client: PlayerEnd, server: PlayerEnd): Promise<void> {
  switch (run.ending) {
    case 'drain':
      await within(
        Promise.all([drained(client), drained(server)]),
        () => `reading to the end hangs: ${hanging([client, server])}`,
      )
      break
    case 'close in turn':
      client.start('close')
      await turns(2)
      break
    case 'abort':
      for (const end of [client, server]) end.abort(true)
      break
    case 'close':
  }
  for (const end of [client, server]) end.start('close')
}

/** Ends writing, and reads all there is. */
async function drained(end: PlayerEnd): Promise<void> {
  const ending = end.start('closeWrite')
  while (!end.gaveUpReading) {
    const read = end.start('read')
    await read.done
    const { result } = read
    if (result === undefined) return
    if ('value' in result) {
      if (result.value !== null) continue
      await ending.done
      break
    }
    if (nameOf(result.error) !== 'IO_PENDING') break
    await end.pending.find(({ kind }) => kind === 'read')?.done
  }
  // It reads no more, and has said its last: what the other end may still wait for will not come.
  end.start('close')
}

/** With a changed length both ends may wait for bytes that will not come, until the network gives them up. */
async function released(
  run: Interleaving,
  ends: readonly PlayerEnd[],
  work: Promise<void>,
): Promise<void> {
  if (isTampered(run)) {
    const done = work.then(
      () => true,
      () => true,
    )
    while (!(await Promise.race([done, stalled(ends.map(({ wire }) => wire))]))) {
      for (const end of ends) end.cut()
    }
  }
  await work
}

/** Both ends have closed: nothing is left to wait for. */
async function settled(ends: readonly PlayerEnd[]): Promise<void> {
  const all = Promise.all(ends.flatMap(({ operations }) => operations.map(({ done }) => done)))
  await within(all, () => `these never settle: ${hanging(ends)}`)
}

async function verify(
  run: Interleaving,
  { unhandled, tally, isAuthentic }: Stage,
  client: PlayerEnd,
  server: PlayerEnd,
): Promise<void> {
  const disturbed = isDisturbed(run)
  // What was dropped a moment ago lets go of its stream within a few turns.
  for (let left = 20; left > 0 && client.wire.underway + server.wire.underway > 0; left--) {
    await turn()
  }
  const problems = [...(await unhandled.take())]
  for (const [end, peer] of [
    [client, server],
    [server, client],
  ] as const) {
    const { side, connection, wire, operations } = end
    problems.push(...end.problems)
    for (const { kind, result } of operations) {
      tally.add(`${kind} ${result === undefined ? 'pending' : resultName(result)}`)
      if (result === undefined || 'value' in result) continue
      const wrong = complaint(kind, result.error, end, disturbed)
      if (wrong !== undefined) problems.push(`${side}: ${wrong}`)
    }
    if (end.listeners > 0) problems.push(`${side}: ${end.listeners} listeners left on signals`)
    if (!connection.closed) problems.push(`${side}: not closed after close`)
    // A Node stream may wait up to a second for the other end's last bytes.
    if (!run[side].overDuplex) {
      if (!wire.closed) problems.push(`${side}: its stream was left open`)
      if (wire.underway > 0) problems.push(`${side}: ${wire.underway} operations left below`)
    }
    const received = concat(...end.chunks)
    tally.count('bytes', received.length)
    const complete = end.sawAuthenticEnd || (end.sawEnd && !disturbed)
    const lost = misaccounted(received, peer.writes, complete)
    if (lost !== undefined && (isAuthentic || !isTampered(run)))
      problems.push(`${side} has read: ${lost}`)
    if (complete) tally.add('direction read to its authentic end')
    if (isPeaceful(run) && !complete) problems.push(`${side} has not read to the end`)
  }
  tally.add(`run ${disturbed ? 'disturbed' : 'orderly'}`)
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

function hanging(ends: readonly PlayerEnd[]): string {
  return ends
    .flatMap(({ side, pending }) => pending.map(({ kind }) => `${side} ${kind}`))
    .join(', ')
}

function resultName(result: { value: unknown } | { error: unknown }): string {
  if ('value' in result) return result.value === null ? 'end' : 'ok'
  return result.error instanceof Error && 'code' in result.error
    ? nameOf(result.error)
    : "caller's reason"
}
