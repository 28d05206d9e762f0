import { ConformanceFailure } from './assertions.js'

/** How long anything may take, in milliseconds: far more than it needs. */
export const patience = 10_000

/** `promise`, or a failure that names what was awaited in vain. Leaves no timer behind. */
export async function deadline<T>(
  promise: Promise<T>,
  what: string,
  milliseconds: number = patience,
): Promise<T> {
  let timer: number | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConformanceFailure(`${what} took more than ${milliseconds} ms.`)),
      milliseconds,
    ) as unknown as number
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
