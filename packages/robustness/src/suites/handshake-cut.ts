import { faultyStream, type StreamFaults } from '@tlsio/conformance'
import type { TlsBackend, TlsConnection, TlsProtocolVersion, TlsSession } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import {
  connectionPair,
  type Direction,
  directions,
  type Pair,
  type PairOptions,
  sessionFor,
} from '../pair.js'
import { nameOf, outcome, summary, turns, within } from '../settle.js'
import type { Subject } from '../subject.js'
import { Unhandled } from '../unhandled.js'
import type { WireEnd } from '../wire.js'

type Cut = 'end' | 'reset'

interface Shape {
  readonly backend: TlsBackend
  readonly version: TlsProtocolVersion
  readonly session: TlsSession | undefined
  readonly direction: Direction
  readonly requireCloseNotify: boolean
}

/** A stream that ends or breaks at any byte of a handshake ends it with one error. */
export function handshakeCut(subject: Subject): void {
  const about = `robustness/${subject.name}/handshake-cut`
  const backend = subject.createBackend()
  const unhandled = new Unhandled()
  test.after.always(() => unhandled.stop())
  for (const version of subject.versions) {
    for (const kind of ['full', 'resumed'] as const) {
      for (const direction of directions) {
        for (const cut of ['end', 'reset'] as const) {
          test.serial(`${about}/${version}/${kind}/${direction}/${cut}`, (t) =>
            atEveryOffset(t, unhandled, { backend, version, kind, direction, cut, step: 1 }),
          )
        }
        test.serial(`${about}/${version}/${kind}/${direction}/end-allowed`, (t) =>
          atEveryOffset(t, unhandled, {
            ...{ backend, version, kind, direction },
            ...{ cut: 'end', step: 7, allowed: true },
          }),
        )
      }
    }
  }
}

async function atEveryOffset(
  t: ExecutionContext,
  unhandled: Unhandled,
  options: {
    readonly backend: TlsBackend
    readonly version: TlsProtocolVersion
    readonly kind: 'full' | 'resumed'
    readonly direction: Direction
    readonly cut: Cut
    readonly step: number
    readonly allowed?: boolean
  },
): Promise<void> {
  t.timeout(300_000)
  const { backend, version, kind, direction, cut, step, allowed = false } = options
  const session = kind === 'resumed' ? await sessionFor(backend, version) : undefined
  const shape: Shape = { backend, version, session, direction, requireCloseNotify: !allowed }
  const total = await measure(shape)
  const needed = await bytesNeeded(shape, total)
  t.true(needed > 50 && total >= needed, `${needed} bytes of ${total}`)
  const wrong: string[] = []
  for (let offset = 0; offset <= total; offset += step) {
    const faults: StreamFaults = cut === 'end' ? { endAfter: offset } : { resetAfter: offset }
    const found = await attempt(shape, faults)
    const expected = offset < needed ? early(direction, cut) : late(direction, cut, allowed)
    if (!expected.includes(found)) wrong.push(`at ${offset} of ${needed}/${total}: ${found}`)
    if (wrong.length >= 10) break
  }
  t.deepEqual(wrong, [])
  t.deepEqual(await unhandled.take(), [])
  t.log(`${Math.floor(total / step) + 1} offsets`)
}

/** What both ends see if the stream is cut before the handshake is complete for its reader. */
function early(direction: Direction, cut: Cut): readonly string[] {
  const reader = `handshake ${cut === 'end' ? 'TLS_NOT_TLS' : 'IO_BROKEN_PIPE'}`
  // Who sends the last message is done when it has left.
  const others = ['handshake IO_BROKEN_PIPE', 'read IO_BROKEN_PIPE']
  return direction === 'to-client'
    ? others.map((other) => `client: ${reader}, server: ${other}`)
    : others.map((other) => `client: ${other}, server: ${reader}`)
}

/** What both ends see if it is cut afterwards; who has noticed closes in order. */
function late(direction: Direction, cut: Cut, allowed: boolean): readonly string[] {
  const atEnd = allowed ? 'null' : 'TLS_EOF'
  const reader = `read ${cut === 'end' ? atEnd : 'IO_BROKEN_PIPE'}`
  // A stream that was reset takes no close_notify either, nor what was about to leave.
  // To the other end that is another reset, or a bare end.
  const others =
    cut === 'end'
      ? ['read null']
      : ['read IO_BROKEN_PIPE', 'handshake IO_BROKEN_PIPE', 'read TLS_EOF']
  return direction === 'to-client'
    ? others.map((other) => `client: ${reader}, server: ${other}`)
    : others.map((other) => `client: ${other}, server: ${reader}`)
}

/** How many bytes the reader gets, with the tickets. */
async function measure(shape: Shape): Promise<number> {
  const pair = connectionPair(shape)
  const wire = shape.direction === 'to-client' ? pair.clientWire : pair.serverWire
  await Promise.all([pair.client.handshake(), pair.server.handshake()])
  await turns(5)
  const total = wire.received
  await Promise.all([outcome(pair.client.close()), outcome(pair.server.close())])
  return total
}

/**
 * How many of them it needs for its handshake. More may have arrived when that is over: the peer is
 * judged meanwhile.
 */
async function bytesNeeded(shape: Shape, total: number): Promise<number> {
  let [tooFew, enough] = [0, total]
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1
    const found = await attempt(shape, { endAfter: middle })
    const reader = shape.direction === 'to-client' ? 'client' : 'server'
    if (found.includes(`${reader}: handshake`)) tooFew = middle
    else enough = middle
  }
  return enough
}

async function attempt(shape: Shape, faults: StreamFaults): Promise<string> {
  const wrap = (wire: WireEnd) => faultyStream(wire, faults)
  const cut: Partial<PairOptions> =
    shape.direction === 'to-client' ? { wrapClient: wrap } : { wrapServer: wrap }
  const pair = connectionPair({ ...shape, ...cut })
  const [client, server] = await Promise.all([lifetime(pair.client), lifetime(pair.server)])
  const open = leftOpen(pair)
  return `client: ${client}, server: ${server}${open}`
}

/** In memory all is over in a few milliseconds. */
async function lifetime(connection: TlsConnection): Promise<string> {
  const life = await outcome(within(lifeOf(connection), () => 'it hangs', 3000))
  return 'error' in life ? 'hangs' : life.value
}

/** A handshake, a read and a close: all of that comes to an end. */
async function lifeOf(connection: TlsConnection): Promise<string> {
  const handshake = await outcome(connection.handshake())
  if ('error' in handshake) {
    const close = await summary(connection.close())
    return `handshake ${nameOf(handshake.error)}${close === 'ok' ? '' : ` close ${close}`}`
  }
  const read = await summary(connection.read())
  await outcome(connection.close())
  return `read ${read}`
}

function leftOpen({ clientWire, serverWire }: Pair): string {
  return clientWire.closed && serverWire.closed ? '' : ' (a stream was left open)'
}
