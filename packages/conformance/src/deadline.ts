import { ConformanceFailure } from './assertions.js'

/** Far more than anything needs, in milliseconds. */
const usualPatience = 10_000

let current = usualPatience

/** How long a single step may take, in milliseconds. */
export function patience(): number {
  return current
}

/** For the cases that run from now on; they run one after another. */
export function setPatience(milliseconds: number = usualPatience): void {
  current = milliseconds
}

/** `promise`, or a failure that names what was awaited in vain. Leaves no timer behind. */
export async function deadline<T>(
  promise: Promise<T>,
  what: string,
  milliseconds: number = current,
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
