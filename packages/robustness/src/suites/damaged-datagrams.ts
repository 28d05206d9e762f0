import {
  type DatagramSocket,
  type DtlsConnection,
  type IoOptions,
  type MemoryDatagramSocket,
  memoryDatagramPair,
} from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import fc from 'fast-check'
import { allowed } from '../conversation.js'
import { seedOf } from '../fuzz/seed.js'
import { nameOf, outcome, summary } from '../settle.js'
import { certificate, database, type Subject, serverIdentity } from '../subject.js'
import { Unhandled } from '../unhandled.js'

/**
 * DTLS over a network that damages what it carries and adds what nobody sent. Whatever comes of it, it is
 * one of the codes that there are, and nothing is received but what was sent. `TLSIO_FUZZ_SEED` and
 * `TLSIO_FUZZ_PATH` replay a run.
 */
export function damagedDatagrams(subject: Subject, runs: number): void {
  test(`robustness/${subject.name}/damaged-datagrams`, async (t) => {
    t.timeout(300_000)
    const backend = subject.createBackend()
    const unhandled = new Unhandled()
    t.teardown(() => unhandled.stop())
    const outcomes = new Map<string, number>()
    const { TLSIO_FUZZ_SEED, TLSIO_FUZZ_PATH } = process.env
    const seed = seedOf(TLSIO_FUZZ_SEED)
    const property = fc.asyncProperty(fc.array(damage, { maxLength: 12 }), async (damages) => {
      const [near, far] = memoryDatagramPair()
      const queue = [...damages]
      const client = backend.createDtlsClientConnection(new DamagingSocket(near, queue), {
        ...{ ...times, database, serverIdentity },
      })
      const server = backend.createDtlsServerConnection(new DamagingSocket(far, queue), {
        ...{ ...times, certificate },
      })
      const ours = converse(client)
      const theirs = converse(server)
      // A server without a hello waits for one.
      void ours.then(() => server.abort(gone))
      const ends = await Promise.all([ours, theirs])
      client.abort(gone)
      for (const { end, wrong } of ends) {
        outcomes.set(end, (outcomes.get(end) ?? 0) + 1)
        if (!possible.has(end)) throw new Error(`It ended with ${end}.`)
        if (wrong !== undefined) throw new Error(`What was received is "${wrong}".`)
      }
      const errors = await unhandled.take()
      if (errors.length > 0) throw new Error(errors.join('\n'))
    })
    const path = TLSIO_FUZZ_PATH === undefined ? {} : { path: TLSIO_FUZZ_PATH }
    const details = await fc.check(property, { seed, numRuns: runs, ...path })
    t.log(`seed ${seed}: ${[...outcomes].map(([end, count]) => `${end} ${count}`).join(', ')}`)
    t.false(details.failed, fc.defaultReportMessage(details))
    t.true((outcomes.get('ok') ?? 0) > 0, 'some get through')
    t.true(outcomes.size > 1, 'some do not')
  })
}

/** The handshake, three messages each way, and the end, for which nobody waits long. */
async function converse(
  connection: DtlsConnection,
): Promise<{ readonly end: string; readonly wrong: string | undefined }> {
  const handshake = await summary(connection.handshake())
  if (handshake !== 'ok') return { end: handshake, wrong: undefined }
  for (const message of messages) await summary(connection.send(text.encode(message)))
  const signal = AbortSignal.timeout(SOON)
  const strange: string[] = []
  let end = 'ok'
  for (;;) {
    const result = await outcome(connection.receive({ signal }))
    if ('error' in result && !signal.aborted) end = nameOf(result.error)
    if ('error' in result || result.value === null) break
    const word = new TextDecoder().decode(result.value)
    if (!messages.includes(word)) strange.push(word)
  }
  await summary(connection.close())
  return { end, wrong: strange[0] }
}

/** What happens to a datagram; the next one gets the next. */
type Damage =
  | { readonly kind: 'none' }
  | { readonly kind: 'flip' | 'cut'; readonly at: number }
  | { readonly kind: 'add' | 'before' | 'after'; readonly bytes: Uint8Array }

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  // A record in the clear of a type that there is, whatever is in it.
  fc
    .tuple(fc.constantFrom(20, 21, 22, 23), fc.uint8Array({ minLength: 1, maxLength: 60 }))
    .map(([type, fragment]) => {
      const header = [type, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, fragment.length]
      return concat(Uint8Array.from(header), fragment)
    }),
)

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant<Damage>({ kind: 'none' }),
  fc.record({ kind: fc.constantFrom('flip' as const, 'cut' as const), at: fc.nat(10_000) }),
  fc.record({ kind: fc.constantFrom('add' as const, 'before' as const, 'after' as const), bytes }),
)

class DamagingSocket implements DatagramSocket {
  readonly #socket: MemoryDatagramSocket
  readonly #damages: Damage[]

  constructor(socket: MemoryDatagramSocket, damages: Damage[]) {
    this.#socket = socket
    this.#damages = damages
  }

  async send(datagram: Uint8Array, options?: IoOptions): Promise<void> {
    const sent = damaged(datagram, this.#damages.shift() ?? { kind: 'none' })
    for (const one of sent) await this.#socket.send(one, options)
  }

  receive(options?: IoOptions): Promise<Uint8Array> {
    return this.#socket.receive(options)
  }

  close(): Promise<void> {
    return this.#socket.close()
  }
}

function damaged(datagram: Uint8Array, damage: Damage): readonly Uint8Array[] {
  switch (damage.kind) {
    case 'none':
      return [datagram]
    case 'flip': {
      const bit = damage.at % (datagram.length * 8)
      const copy = datagram.slice()
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      return [copy]
    }
    case 'cut':
      return [datagram.subarray(0, damage.at % datagram.length)]
    case 'add':
      return [concat(datagram, damage.bytes)]
    case 'before':
      return [damage.bytes, datagram]
    case 'after':
      return [datagram, damage.bytes]
  }
}

/** Why a server is let go whose client has given up. */
const gone = Object.assign(new Error('The client is gone.'), { code: 'gone' })

const possible = new Set(['ok', ...allowed, 'IO_TIMED_OUT', gone.code])

/** In milliseconds. */
const times = { retransmissionTimeout: 5, handshakeTimeout: 200 }

/** How long to wait for a message that may not come, in milliseconds. */
const SOON = 30

const messages: readonly string[] = ['one', 'two', 'three']

const text = new TextEncoder()
