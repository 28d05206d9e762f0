import { getEventListeners } from 'node:events'
import type { TlsConnection } from '@tlsio/core'
import { outcome, turn } from '../settle.js'
import type { WireEnd } from '../wire.js'
import { contentOf, type Written } from './accounting.js'
import type { DeadEnd } from './dead-end.js'
import type { EndSettings, Side, Signal, Step } from './interleaving.js'

export type Kind =
  | 'handshake'
  | 'read'
  | 'write'
  | 'close'
  | 'closeRead'
  | 'closeWrite'
  | 'asyncDispose'

/** A call, from its start to its outcome. */
export interface Operation {
  readonly kind: Kind
  readonly controller: AbortController | undefined
  readonly done: Promise<void>
  result: { readonly value: unknown } | { readonly error: unknown } | undefined
}

/** One end of a run: carries out its steps and keeps the books. */
export class PlayerEnd {
  readonly side: Side
  readonly connection: TlsConnection
  readonly wire: WireEnd
  readonly operations: Operation[] = []
  readonly writes: Written[] = []
  readonly chunks: Uint8Array[] = []
  /** What this end itself has given as a reason; its operations may reject with any of them. */
  readonly reasons: Set<unknown> = new Set()
  /** What went against the contract. */
  readonly problems: string[] = []
  /** Whether the end was read while a bare end of stream was an error: then it was authentic. */
  sawAuthenticEnd = false
  sawEnd = false
  /** Whether this end has thrown away what it could have read. */
  gaveUpReading = false
  readonly #faulty: DeadEnd
  readonly #shortWrites: boolean
  #refusesWrites = false
  #aborted = false

  constructor(
    side: Side,
    connection: TlsConnection,
    wire: WireEnd,
    faulty: DeadEnd,
    { faults }: EndSettings,
    otherFaults: EndSettings['faults'],
  ) {
    this.side = side
    this.connection = connection
    this.wire = wire
    this.#faulty = faulty
    this.#shortWrites = [faults.splitWrites, otherFaults.splitReads].some((most = 64) => most < 64)
  }

  /** Carries out one step. Only a call has an outcome to wait for. */
  take(step: Step): Operation | undefined {
    switch (step.does) {
      case 'handshake':
      case 'read':
        return this.start(step.does, step.signal)
      case 'write':
        return this.write(step.length, step.signal)
      case 'abort':
        this.abort(step.withReason)
        return undefined
      case 'give up':
        this.#giveUp()
        return undefined
      case 'allow truncation':
        this.connection.requireCloseNotify = false
        return undefined
      case 'cut':
        this.cut()
        return undefined
      case 'reset':
        this.#faulty.reset()
        return undefined
      case 'garbage':
        this.wire.edit((chunk) => Buffer.concat([garbage, chunk]))
        return undefined
      case 'flip':
        this.wire.edit(flipped)
        return undefined
      default:
        return this.start(step.does)
    }
  }

  /** Calls a method and notes what comes of it. */
  start(kind: Exclude<Kind, 'write'>, signal: Signal = 'none'): Operation {
    const controller = this.#controller(signal)
    const options = controller === undefined ? {} : { signal: controller.signal }
    if (kind === 'close' || kind === 'closeWrite' || kind === 'asyncDispose') {
      this.#refusesWrites = true
    }
    if (kind === 'close' || kind === 'closeRead' || kind === 'asyncDispose') {
      this.gaveUpReading = true
    }
    switch (kind) {
      case 'handshake':
        return this.#note(kind, this.connection.handshake(options), controller)
      case 'read':
        return this.#note(kind, this.connection.read(options), controller)
      case 'asyncDispose':
        return this.#note(kind, this.connection[Symbol.asyncDispose](), controller)
      default:
        return this.#note(kind, this.connection[kind](), controller)
    }
  }

  /** Writes bytes that nobody else writes. */
  write(length: number, signal: Signal = 'none'): Operation {
    const controller = this.#controller(signal)
    const written: Written = {
      number: this.writes.length + 1,
      length: this.#shortWrites ? Math.min(length, 400) : length,
      fate: 'maybe',
    }
    if (this.#refusesWrites || signal === 'before') written.fate = 'never'
    this.writes.push(written)
    const options = controller === undefined ? {} : { signal: controller.signal }
    const promise = this.connection.write(contentOf(written), options)
    return this.#note('write', promise, controller, (result) => {
      if ('error' in result) {
        if ((result.error as { code?: string }).code === 'IO_PENDING') written.fate = 'never'
      } else if (written.fate === 'never') {
        this.problems.push(`${this.side}: a write succeeded though writing had ended`)
      } else {
        written.fate = 'sent'
      }
    })
  }

  /** Drops the connection; what is pending has to notice at once. */
  abort(withReason: boolean): void {
    const reason = withReason ? new Error(`${this.side} aborts`) : undefined
    this.reasons.add(reason)
    this.#refusesWrites = true
    this.gaveUpReading = true
    this.#aborted = true
    this.connection.abort(reason)
    for (const { kind } of this.pending) {
      if (kind === 'read' || kind === 'write' || kind === 'handshake') this.#expectPrompt(kind)
    }
  }

  /** Ends its stream, as if the other end had. */
  cut(): void {
    this.#faulty.end()
  }

  /** Calls without outcome. */
  get pending(): readonly Operation[] {
    return this.operations.filter(({ result }) => result === undefined)
  }

  /** Whether `abort` was called. */
  get aborted(): boolean {
    return this.#aborted
  }

  /** Listeners that were left on the signals. */
  get listeners(): number {
    return this.operations
      .map(({ controller }) =>
        controller === undefined ? 0 : getEventListeners(controller.signal, 'abort').length,
      )
      .reduce((sum, count) => sum + count, 0)
  }

  #controller(signal: Signal): AbortController | undefined {
    if (signal === 'none') return undefined
    const controller = new AbortController()
    if (signal === 'before') this.#abortSignal(controller)
    return controller
  }

  #abortSignal(controller: AbortController): void {
    const reason = new Error(`${this.side} gives up`)
    this.reasons.add(reason)
    controller.abort(reason)
  }

  /** Aborts the signal of the oldest call that has one. */
  #giveUp(): void {
    const operation = this.pending.find(({ controller }) => controller?.signal.aborted === false)
    if (operation?.controller === undefined) return
    this.#abortSignal(operation.controller)
    this.#expectPrompt(operation.kind, operation)
  }

  #expectPrompt(what: string, only?: Operation): void {
    const pending = only === undefined ? this.pending.filter(({ kind }) => kind === what) : [only]
    void turn().then(() => {
      if (pending.some(({ result }) => result === undefined)) {
        this.problems.push(`${this.side}: ${what} does not end at once when it is given up`)
      }
    })
  }

  #note(
    kind: Kind,
    promise: Promise<unknown>,
    controller: AbortController | undefined,
    then?: (result: NonNullable<Operation['result']>) => void,
  ): Operation {
    const watching = this.connection.requireCloseNotify
    const operation: Operation = {
      kind,
      controller,
      result: undefined,
      done: outcome(promise).then((result) => {
        operation.result = result
        then?.(result)
        if (kind === 'read' && 'value' in result) this.#received(result.value, watching)
      }),
    }
    this.operations.push(operation)
    return operation
  }

  #received(value: unknown, watching: boolean): void {
    if (value === null) {
      this.sawEnd = true
      this.sawAuthenticEnd ||= watching && this.connection.requireCloseNotify
      return
    }
    const chunk = value as Uint8Array
    if (this.sawEnd) this.problems.push(`${this.side}: read data after the end`)
    if (chunk.length === 0) this.problems.push(`${this.side}: a read gave no bytes`)
    this.chunks.push(chunk)
  }
}

const garbage = Uint8Array.of(0x20, 0x00, 0xff, 0x99, 0x17, 0x03)

function flipped(chunk: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(chunk)
  const at = copy.length >> 1
  copy[at] = (copy[at] ?? 0) ^ 0x10
  return copy
}
