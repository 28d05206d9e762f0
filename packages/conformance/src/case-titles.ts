/** Those of `titles` that `name` is, or else those that begin with its parts. */
export function titlesNamed(name: string, titles: readonly string[]): readonly string[] {
  if (titles.includes(name)) return [name]
  return titles.filter((title) => title.startsWith(`${name}/`))
}
