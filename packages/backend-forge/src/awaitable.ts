/** What is there already, or will be. */
export type Awaitable<T> = T | Promise<T>

/** Goes on with a value: at once where it is there, so that nothing waits that need not. */
export function whenReady<T, R>(
  value: Awaitable<T>,
  next: (value: T) => Awaitable<R>,
): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** All values in their order: at once if all are there. */
export function allReady<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : (values as readonly T[])
}
