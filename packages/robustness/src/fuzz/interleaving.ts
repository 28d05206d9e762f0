import type { StreamFaults } from '@tlsio/conformance'
import type { TlsProtocolVersion } from '@tlsio/core'
import fc from 'fast-check'
import type { Subject } from '../subject.js'

export type Side = 'client' | 'server'

/** How long to wait after a step: turns of the microtask queue, of the event loop, or for its outcome. */
export type Pause = { readonly microtasks: number } | { readonly turns: number } | 'outcome'

/** What takes an abort signal, and when that is aborted: `before` the call, with a later step, or never. */
export type Signal = 'none' | 'later' | 'before'

/** One thing that happens to one end. */
export type Step = { readonly side: Side; readonly pause: Pause } & (
  | { readonly does: 'handshake' | 'read'; readonly signal: Signal }
  | { readonly does: 'write'; readonly signal: Signal; readonly length: number }
  | { readonly does: 'close' | 'closeRead' | 'closeWrite' | 'asyncDispose' }
  | { readonly does: 'abort'; readonly withReason: boolean }
  | { readonly does: 'give up' | 'allow truncation' }
  | { readonly does: 'cut' | 'reset' | 'garbage' | 'flip' }
)

/** One end: what it demands, and the stream it has. */
export interface EndSettings {
  readonly requireCloseNotify: boolean
  /** Node's streams in between, which an engine may take over. */
  readonly overDuplex: boolean
  readonly faults: StreamFaults
}

/** A run of the state machine, as data: it can be printed, replayed and made smaller. */
export interface Interleaving {
  readonly version: TlsProtocolVersion
  readonly resumption: 'automatic' | 'off'
  readonly highWaterMark: number
  readonly client: EndSettings
  readonly server: EndSettings
  /** Whether both have shaken hands before the first step. */
  readonly open: boolean
  readonly steps: readonly Step[]
  /** How it ends: with all that was written read by the other, or not. */
  readonly ending: 'drain' | 'close' | 'close in turn' | 'abort'
}

const pause: fc.Arbitrary<Pause> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ microtasks: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ turns: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.constant('outcome' as const) },
)

const side = fc.constantFrom<Side>('client', 'server')

const signal: fc.Arbitrary<Signal> = fc.oneof(
  { weight: 5, arbitrary: fc.constant('none' as const) },
  { weight: 4, arbitrary: fc.constant('later' as const) },
  { weight: 1, arbitrary: fc.constant('before' as const) },
)

const length: fc.Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 2, arbitrary: fc.constantFrom(16_384, 16_385) },
  { weight: 1, arbitrary: fc.integer({ min: 40_000, max: 70_000 }) },
)

/** What a well-behaved application does. */
const ordinary = [
  { weight: 3, arbitrary: fc.record({ side, pause, does: fc.constant('handshake'), signal }) },
  { weight: 10, arbitrary: fc.record({ side, pause, does: fc.constant('read'), signal }) },
  { weight: 10, arbitrary: fc.record({ side, pause, does: fc.constant('write'), signal, length }) },
  { weight: 5, arbitrary: fc.record({ side, pause, does: fc.constant('give up') }) },
  { weight: 1, arbitrary: fc.record({ side, pause, does: fc.constant('closeWrite') }) },
] as { weight: number; arbitrary: fc.Arbitrary<Step> }[]

/** What others do, the network among them. */
const rough = [
  {
    weight: 3,
    arbitrary: fc.record({
      side,
      pause,
      does: fc.constantFrom('close', 'closeRead', 'asyncDispose'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ side, pause, does: fc.constant('abort'), withReason: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ side, pause, does: fc.constant('allow truncation') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      side,
      pause,
      does: fc.constantFrom('cut', 'reset', 'garbage', 'flip'),
    }),
  },
] as typeof ordinary

const steps: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc.array(fc.oneof(...ordinary), { minLength: 1, maxLength: 20, size: 'max' }),
  fc.array(fc.oneof(...ordinary, ...rough), { minLength: 1, maxLength: 20, size: 'max' }),
)

/** Usually none: most of what can go wrong does so on a good stream. */
const faults: fc.Arbitrary<StreamFaults> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        splitReads: fc.constantFrom(1, 2, 5, 64, 1000),
        splitWrites: fc.constantFrom(1, 2, 5, 64, 1000),
        delay: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        endAfter: fc.integer({ min: 0, max: 3000 }),
        resetAfter: fc.integer({ min: 0, max: 3000 }),
      },
      { requiredKeys: [] },
    ),
  },
)

const end: fc.Arbitrary<EndSettings> = fc.record({
  requireCloseNotify: fc.boolean(),
  overDuplex: fc.boolean(),
  faults,
})

/** Any run that this file can describe. */
export function interleaving(versions: Subject['versions']): fc.Arbitrary<Interleaving> {
  return fc.record({
    version: fc.constantFrom(...versions),
    resumption: fc.constantFrom('automatic', 'off'),
    highWaterMark: fc.constantFrom(1, 500, 65_536),
    client: end,
    server: end,
    open: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 2, arbitrary: fc.constant(false) },
    ),
    steps,
    ending: fc.constantFrom('drain', 'drain', 'close', 'close in turn', 'abort'),
  })
}

/** Whether anything but orderly use happens: only then may data be lost, or an error blame the peer. */
export function isDisturbed({ client, server, steps, ending }: Interleaving): boolean {
  const cuts = [client, server].some(
    ({ faults: { endAfter, resetAfter } }) => endAfter !== undefined || resetAfter !== undefined,
  )
  return cuts || ending === 'abort' || steps.some(({ does }) => disturbing.has(does))
}

/** Whether both ends shake hands, end writing, and read to the end: then all that was written has to arrive. */
export function isPeaceful(run: Interleaving): boolean {
  const { open, ending, steps } = run
  const leaves = steps.some(({ does }) => leaving.has(does))
  return open && ending === 'drain' && !leaves && !isDisturbed(run)
}

const leaving: ReadonlySet<string> = new Set(['close', 'closeRead', 'asyncDispose'])
const disturbing: ReadonlySet<string> = new Set(['abort', 'cut', 'reset', 'garbage', 'flip'])

/** Whether bytes are changed on their way. */
export function isTampered({ steps }: Interleaving): boolean {
  return steps.some(({ does }) => does === 'flip' || does === 'garbage')
}
