/** Whole days from one time to another, both in milliseconds since 1970, rounded down. */
export function daysBetween(now: number, then: number): number {
  return Math.floor((then - now) / DAY)
}

/** Says how a validity stands at a time: "87 days left", "expired 3 days ago", "begins in 2 hours". */
export function describeValidity(notBefore: number, notAfter: number, now: number): string {
  if (now < notBefore) return `not yet valid, begins in ${describeSpan(notBefore - now)}`
  if (now > notAfter) return `expired ${describeSpan(now - notAfter)} ago`
  return `${describeSpan(notAfter - now)} left`
}

/** In the largest unit of which there is a whole one. */
function describeSpan(milliseconds: number): string {
  for (const [unit, length] of units) {
    const count = Math.floor(milliseconds / length)
    if (count >= 1) return count === 1 ? `1 ${unit}` : `${count} ${unit}s`
  }
  return 'less than a minute'
}

const DAY = 86_400_000
const units: readonly (readonly [unit: string, length: number])[] = [
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
