import { IoError } from '../errors.js'

/** How a line ended: as usual, with nothing in it, or by an interrupt. */
export type LineEnding = 'entered' | 'ended' | 'interrupted'

/**
 * A line that is typed at a terminal in raw mode, where the kernel does no editing. Keeps bytes, in
 * whatever encoding the terminal has, and erases all that it no longer needs.
 */
export class HiddenLine {
  #bytes: Uint8Array = new Uint8Array(64)
  #length = 0
  #sequence: 'none' | 'escape' | 'control' | 'single' = 'none'

  /** What was typed so far; turns into zeros when the line is erased. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /**
   * Takes what was typed. What comes after the end of the line is dropped: nobody has seen it, and
   * it may be the rest of a paste.
   *
   * @returns how the line ended, `undefined` as long as it goes on.
   * @throws {@link IoError} `IO_FAILED` for a line of more than 4096 bytes.
   */
  type(typed: Uint8Array): LineEnding | undefined {
    for (const byte of typed) {
      if (this.#isPartOfSequence(byte)) continue
      switch (byte) {
        case KEY.carriageReturn:
        case KEY.lineFeed:
          return 'entered'
        case KEY.endOfTransmission:
          return this.#length === 0 ? 'ended' : 'entered'
        case KEY.interrupt:
          return 'interrupted'
        case KEY.backspace:
        case KEY.delete:
          this.#removeCharacter()
          break
        case KEY.kill:
          this.erase()
          break
        default:
          if (byte >= 0x20 || byte === KEY.tab) this.#append(byte)
      }
    }
    return undefined
  }

  /** Removes all of it, and fills it with zeros. */
  erase(): void {
    this.#bytes.fill(0)
    this.#length = 0
  }

  /** Arrow and function keys, and what a terminal puts around a paste (ECMA-48 §5.4). */
  #isPartOfSequence(byte: number): boolean {
    const before = this.#sequence
    this.#sequence = 'none'
    if (byte === KEY.escape) {
      this.#sequence = 'escape'
      return true
    }
    // A control character in the middle is meant for itself.
    if (byte < 0x20) return false
    if (before === 'escape' && byte === 0x5b) this.#sequence = 'control'
    else if (before === 'escape' && byte === 0x4f) this.#sequence = 'single'
    else if (before === 'control' && byte < 0x40) this.#sequence = 'control'
    else return before === 'control' || before === 'single'
    return true
  }

  #append(byte: number): void {
    if (this.#length === LIMIT) {
      throw new IoError('IO_FAILED', `The line typed is longer than ${LIMIT} bytes.`)
    }
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#length * 2)
      grown.set(this.#bytes)
      this.#bytes.fill(0)
      this.#bytes = grown
    }
    this.#bytes[this.#length++] = byte
  }

  /** The last one; in UTF-8 it may have up to three bytes that continue it (RFC 3629 §3). */
  #removeCharacter(): void {
    const from = Math.max(0, this.#length - 4)
    let at = this.#length - 1
    while (at > from && isContinuation(this.#bytes[at])) at--
    // Not led by a byte that can lead it: then it is in another encoding, a byte for a character.
    if (at < this.#length - 1 && (this.#bytes[at] ?? 0) < 0xc0) at = this.#length - 1
    if (at < 0) return
    this.#bytes.fill(0, at, this.#length)
    this.#length = at
  }
}

function isContinuation(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80
}

/** What a terminal sends for keys that edit a line. */
const KEY = {
  interrupt: 0x03,
  endOfTransmission: 0x04,
  backspace: 0x08,
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  kill: 0x15,
  escape: 0x1b,
  delete: 0x7f,
} as const

/** In bytes: as long as a line that the kernel edits. */
const LIMIT = 4096
