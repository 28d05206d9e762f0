/**
 * A text in which nothing can control a terminal or turn the reading order round: control and
 * format characters, and what is no character at all, become `\` and their UTF-8 bytes in
 * hexadecimal, as RFC 4514 §2.4 escapes them and core does in names.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) =>
    Array.from(encoder.encode(character), (byte) => `\\${hexByte(byte)}`).join(''),
  )
}

/**
 * JSON text that means the same, with those characters as `\u` escapes: `JSON.stringify` leaves most
 * of them as they are.
 */
export function printableJson(json: string): string {
  return json.replace(unprintableInJson, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
    }).join(''),
  )
}

const encoder = new TextEncoder()

/** Control, format, surrogate, private use and unassigned; both separators of lines. */
const unprintable = /[\p{C}\u2028\u2029]/gu
/** The line ends between its members are its own. */
const unprintableInJson = /[^\P{C}\n]|[\u2028\u2029]/gu

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
