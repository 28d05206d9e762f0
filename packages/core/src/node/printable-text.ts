/**
 * Text from elsewhere, fit for a terminal: what would move the cursor, change colours, reorder
 * letters or be no character at all shows as its number, such as `\u{1b}`.
 */
export function printableText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
