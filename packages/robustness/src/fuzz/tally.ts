/** Counts what happened in all runs together. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(what: string): void {
    this.count(what, 1)
  }

  count(what: string, more: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + more)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  /** One line for each first word, its counts by what follows. */
  toString(): string {
    const lines = new Map<string, string[]>()
    for (const [what, count] of [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [first = '', ...rest] = what.split(' ')
      const label = rest.length === 0 ? `${count}` : `${rest.join(' ')} ${count}`
      lines.set(first, [...(lines.get(first) ?? []), label])
    }
    return [...lines].map(([first, counts]) => `  ${first}: ${counts.join(', ')}`).join('\n')
  }
}
