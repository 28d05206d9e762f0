/** What became of a write, as far as the writer can know. */
export type Fate = 'sent' | 'maybe' | 'never'

/** A write: its number, from which its bytes follow, its length and its fate. */
export interface Written {
  readonly number: number
  readonly length: number
  fate: Fate
}

/** The bytes of a write. The first is its number, so that no two begin alike. */
export function contentOf({ number, length }: Written): Uint8Array {
  const content = new Uint8Array(length)
  for (let at = 0; at < length; at++) content[at] = at === 0 ? number : number * 31 + at * 7 + 1
  return content
}

/**
 * Whether `received` is what was written: every write that succeeded, in order and without gap, none that was
 * refused, and one whose fate is open wholly or not at all. Only the end may be missing, unless it is `complete`.
 *
 * @returns what is wrong, `undefined` if nothing is.
 */
export function misaccounted(
  received: Uint8Array,
  writes: readonly Written[],
  complete: boolean,
): string | undefined {
  let at = 0
  for (const write of writes) {
    if (write.length === 0 || write.fate === 'never') continue
    const content = contentOf(write)
    const part = received.subarray(at, at + content.length)
    const begins = part.length > 0 && part[0] === content[0]
    if (!begins) {
      if (write.fate === 'maybe') continue
      if (part.length > 0) return `write ${write.number} is missing at byte ${at}`
      return complete ? `write ${write.number} is missing at the end` : undefined
    }
    const wrong = part.findIndex((byte, offset) => byte !== content[offset])
    if (wrong >= 0) return `byte ${wrong} of write ${write.number} is another`
    at += part.length
    if (part.length < content.length) {
      return complete && write.fate === 'sent' ? `write ${write.number} is cut` : undefined
    }
  }
  return at < received.length ? `${received.length - at} bytes that nobody wrote` : undefined
}
