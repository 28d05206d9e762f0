/** What has to be given back to libgnutls: in the order in which one may hold on to those after it. */
const kinds = ['session', 'cipher', 'credentials', 'identity', 'priority'] as const

/** Kind of a handle. */
export type HandleKind = (typeof kinds)[number]

/**
 * Every handle of libgnutls that is alive. Each is freed once: by who owns it, or, where its owner is
 * dropped without a word, when that is collected.
 */
export class Ledger {
  readonly #live = new Set<Entry>()
  readonly #collected = new FinalizationRegistry<Entry>((entry) => this.#free(entry))

  /**
   * Notes a handle of `owner`; `free` must not hold on to the owner.
   *
   * @returns what frees it; it may be called more than once.
   */
  own(owner: WeakKey, kind: HandleKind, free: () => void): () => void {
    const entry: Entry = { kind, free }
    this.#live.add(entry)
    this.#collected.register(owner, entry, entry)
    return () => {
      this.#collected.unregister(entry)
      this.#free(entry)
    }
  }

  /** How many handles of each kind are alive; kinds without any are left out. */
  get live(): Readonly<Partial<Record<HandleKind, number>>> {
    const counts: Partial<Record<HandleKind, number>> = {}
    for (const { kind } of this.#live) counts[kind] = (counts[kind] ?? 0) + 1
    return counts
  }

  /** Frees them all: nothing of libgnutls is used any more. */
  freeAll(): void {
    const entries = [...this.#live]
    for (const kind of kinds) {
      for (const entry of entries) if (entry.kind === kind) this.#free(entry)
    }
  }

  #free(entry: Entry): void {
    if (this.#live.delete(entry)) entry.free()
  }
}

interface Entry {
  readonly kind: HandleKind
  readonly free: () => void
}
