/**
 * Why each of these cases is expected to fail, by its whole title.
 *
 * @throws TypeError if a reason is empty, or if one names no case.
 */
export function expectedFailuresAmong(
  titles: readonly string[],
  reasons: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [name, reason] of Object.entries(reasons)) {
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new TypeError(`The expected failure "${name}" needs a reason.`)
    }
    const named = casesNamed(name, titles)
    if (named.length === 0) {
      throw new TypeError(`The expected failure "${name}" names no case of this backend.`)
    }
    for (const title of named) if (!found.has(title)) found.set(title, reason)
  }
  return found
}

/** A whole title names that case alone, even where the titles of others begin with it. */
export function casesNamed(name: string, titles: readonly string[]): readonly string[] {
  const exact = titles.filter((title) => pathsOf(title).includes(name))
  if (exact.length > 0) return exact
  return titles.filter((title) => pathsOf(title).some((path) => path.startsWith(`${name}/`)))
}

/** What a case may be called: backends and version in front may be left out. */
function pathsOf(title: string): readonly string[] {
  const parts = title.split('/')
  return [0, 1, 2].map((skipped) => parts.slice(skipped).join('/'))
}
