/**
 * A text in which nothing can control a terminal or turn the reading order round: such characters
 * become `\u{…}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
