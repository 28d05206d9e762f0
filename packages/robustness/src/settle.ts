/** One turn of the event loop: I/O that was due and immediates have run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Several turns. */
export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await turn()
}

/** `promise`, or an error that names what was awaited in vain. Leaves no timer behind. */
export async function within<T>(
  promise: Promise<T>,
  what: () => string,
  milliseconds: number = patience,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`After ${milliseconds} ms: ${what()}`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** `promise`'s value, or its error as a value. */
export function outcome<T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}

/** `ok`, `null`, or the `code` of the error: short enough for a table. */
export async function summary(promise: Promise<unknown>): Promise<string> {
  const result = await outcome(promise)
  return 'error' in result ? nameOf(result.error) : result.value === null ? 'null' : 'ok'
}

/** The code of an error, or as much of it as there is. */
export function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  return String(code ?? name ?? error)
}

/** Far more than anything here takes, in milliseconds. */
const patience = 10_000
