/** Which cases are known to fail, and why. */
export class ExpectedFailures {
  readonly #reasons: ReadonlyMap<string, string>
  readonly #unknown: Set<string>

  /** @throws TypeError if a reason is empty. */
  constructor(reasons: Readonly<Record<string, string>>) {
    this.#reasons = new Map(Object.entries(reasons))
    this.#unknown = new Set(this.#reasons.keys())
    for (const [title, reason] of this.#reasons) {
      if (typeof reason !== 'string' || reason.trim() === '') {
        throw new TypeError(`The expected failure "${title}" needs a reason.`)
      }
    }
  }

  /** Why a case is expected to fail; `undefined` if it is not. */
  reasonFor(title: string): string | undefined {
    let found: string | undefined
    for (const [known, reason] of this.#reasons) {
      if (!matches(known, title)) continue
      this.#unknown.delete(known)
      found ??= reason
    }
    return found
  }

  /** @throws TypeError if one of them was never asked for: it names no case. */
  requireAllKnown(): void {
    const [unknown] = this.#unknown
    if (unknown !== undefined) {
      throw new TypeError(`The expected failure "${unknown}" names no case of this backend.`)
    }
  }
}

/**
 * Whether `known` is the path `title` or leads to it; backends and version in front may be left
 * out.
 */
function matches(known: string, title: string): boolean {
  const parts = title.split('/')
  return [0, 1, 2].some((skipped) => {
    const path = parts.slice(skipped).join('/')
    return path === known || path.startsWith(`${known}/`)
  })
}
