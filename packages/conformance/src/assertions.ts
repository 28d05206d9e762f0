import type { WireTrace } from './wire/trace.js'

/** A conformance case found something else than it must. */
export class ConformanceFailure extends Error {
  /** Always `ConformanceFailure`. */
  override readonly name: string = 'ConformanceFailure'
  readonly #trace: readonly WireTrace[]

  /** Makes a failure that says what was found, perhaps with what went over the wire. */
  constructor(message: string, options?: ErrorOptions & { readonly trace?: readonly WireTrace[] }) {
    super(message, options)
    this.#trace = options?.trace ?? []
  }

  /** What went over the wire, a trace for each pair of streams. Runners do not print it. */
  get trace(): readonly WireTrace[] {
    return this.#trace
  }
}

/** What an error must be like; what is left out does not matter. */
export interface ExpectedError {
  /** Its `code`. */
  readonly code?: string | undefined
  /** Bits that its `certificateErrors` must have, among others. */
  readonly flags?: number | undefined
  /** Its class's name, for example `TypeError`. */
  readonly name?: string | undefined
  /** The very value that must be thrown. */
  readonly value?: unknown
}

/** Fails unless `condition` is true. */
export function ok(condition: boolean, what: string): asserts condition {
  if (!condition) throw new ConformanceFailure(`It does not hold that ${what}.`)
}

/** Fails unless both are the same value. */
export function equal<T>(actual: T, expected: T, what: string): void {
  if (!Object.is(actual, expected)) {
    throw new ConformanceFailure(`${what} is ${show(actual)}, not ${show(expected)}.`)
  }
}

/** Fails unless both have the same elements in the same order; bytes are lists too. */
export function sameList(
  actual: ArrayLike<unknown>,
  expected: ArrayLike<unknown>,
  what: string,
): void {
  if (actual.length !== expected.length) {
    throw new ConformanceFailure(
      `${what} has ${actual.length} elements, not ${expected.length}: ${show(actual)}.`,
    )
  }
  const bytes = actual instanceof Uint8Array && expected instanceof Uint8Array
  const at = bytes ? differentByte(actual, expected) : differentElement(actual, expected)
  if (at !== undefined) {
    throw new ConformanceFailure(
      `${what} has ${show(actual[at])} at ${at}, not ${show(expected[at])}.`,
    )
  }
}

// Of its own, since mebibytes are compared: a loop that meets bytes only is some ten times faster.
function differentByte(actual: Uint8Array, expected: Uint8Array): number | undefined {
  for (let at = 0; at < actual.length; at++) if (actual[at] !== expected[at]) return at
  return undefined
}

function differentElement(
  actual: ArrayLike<unknown>,
  expected: ArrayLike<unknown>,
): number | undefined {
  for (let at = 0; at < actual.length; at++) if (!Object.is(actual[at], expected[at])) return at
  return undefined
}

/** Fails unless no value is there twice. */
export function distinct(values: readonly string[], what: string): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at)
  if (twice !== undefined) {
    const count = values.filter((value) => value === twice).length
    throw new ConformanceFailure(`${what}: ${show(twice.slice(0, 32))} is there ${count} times.`)
  }
}

/**
 * Fails unless `operation` rejects as expected; gives the reason. It may be awaited late, or never
 * if the case fails before.
 */
export function rejects(
  operation: Promise<unknown>,
  expected: ExpectedError,
  what: string,
): Promise<unknown> {
  return inBackground(
    operation.then(
      (value) => {
        throw new ConformanceFailure(`${what} resolves with ${show(value)}; it must reject.`)
      },
      (error: unknown) => {
        checkError(error, expected, what)
        return error
      },
    ),
  )
}

/** The same promise; its rejection is taken care of even if nobody awaits it any more. */
export function inBackground<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Fails unless `operation` throws as expected; gives what it threw. */
export function throws(operation: () => unknown, expected: ExpectedError, what: string): unknown {
  let value: unknown
  try {
    value = operation()
  } catch (error) {
    checkError(error, expected, what)
    return error
  }
  throw new ConformanceFailure(`${what} returns ${show(value)}; it must throw.`)
}

function checkError(error: unknown, expected: ExpectedError, what: string): void {
  const { code, name, certificateErrors } = (error ?? {}) as Record<string, unknown>
  const wrong = (must: string) => {
    throw new ConformanceFailure(`${what} fails with ${show(error)}; it must fail with ${must}.`, {
      cause: error,
    })
  }
  if (error instanceof ConformanceFailure) throw error
  if (expected.code !== undefined && code !== expected.code) wrong(expected.code)
  if (expected.name !== undefined && name !== expected.name) wrong(`a ${expected.name}`)
  if ('value' in expected && error !== expected.value) wrong(show(expected.value))
  const flags = expected.flags ?? 0
  if ((Number(certificateErrors ?? 0) & flags) !== flags) {
    wrong(`certificate errors ${flags}, not ${String(certificateErrors)}`)
  }
}

function show(value: unknown): string {
  if (value instanceof Error) {
    const { code } = value as { code?: unknown }
    return `${value.name}${code === undefined ? '' : ` ${String(code)}`} "${value.message}"`
  }
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  return String(value)
}

/** A ticket in hexadecimal is known by its beginning. */
function quoted(text: string): string {
  return text.length <= 80 ? `"${text}"` : `"${text.slice(0, 32)}…" (${text.length} characters)`
}
