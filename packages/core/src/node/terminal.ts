import { closeSync, constants, openSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { isatty, ReadStream, WriteStream } from 'node:tty'

/** Where a person types: `process.stdin`, or what behaves as it does on a terminal. */
export interface TerminalInput extends Readable {
  /** Whether it is a terminal at all. */
  readonly isTTY?: boolean | undefined
  /** Whether it is in raw mode. */
  readonly isRaw?: boolean | undefined
  /** Switches between raw mode, where the terminal neither echoes nor edits, and the usual one. */
  setRawMode?(raw: boolean): unknown
}

/** A terminal that somebody sits at, opened for one question. */
export class Terminal {
  /** Where is typed. */
  readonly input: TerminalInput
  /** Where is shown what is asked. */
  readonly output: Writable
  readonly #isOurs: boolean

  private constructor(input: TerminalInput, output: Writable, isOurs: boolean) {
    this.input = input
    this.output = output
    this.#isOurs = isOurs
  }

  /** Over these streams; `undefined` if the input is no terminal. */
  static over(input: TerminalInput, output: Writable): Terminal | undefined {
    if (input.isTTY !== true || typeof input.setRawMode !== 'function') return undefined
    return new Terminal(input, output, false)
  }

  /**
   * The terminal that controls the process, wherever its standard streams go, as `getpass` does it;
   * where there is no such thing, standard input and error, if both are terminals. `undefined`
   * without any.
   */
  static open(): Terminal | undefined {
    const ours = Terminal.#openControlling()
    if (ours !== undefined) return ours
    const { stdin, stderr } = process
    return stderr.isTTY ? Terminal.over(stdin, stderr) : undefined
  }

  /**
   * Switches echo and editing off until `restore` is called, or the process exits.
   *
   * @returns `restore`, which does nothing a second time.
   */
  hide(): () => void {
    const { input } = this
    const wasRaw = input.isRaw === true
    const wasFlowing = input.readableFlowing === true
    let isHidden = true
    const restore = () => {
      if (!isHidden) return
      isHidden = false
      process.off('exit', restore)
      if (!wasFlowing) input.pause()
      input.setRawMode?.(wasRaw)
    }
    process.once('exit', restore)
    input.setRawMode?.(true)
    return restore
  }

  /** Gives it up; streams that were given stay open. */
  close(): void {
    if (!this.#isOurs) return
    this.input.destroy()
    this.output.destroy()
  }

  /** Not on Windows, nor in a process that was cut off from its terminal. */
  static #openControlling(): Terminal | undefined {
    try {
      // Each stream closes its own.
      const input = new ReadStream(openTerminal(constants.O_RDONLY))
      try {
        const output = new WriteStream(openTerminal(constants.O_WRONLY))
        // Whoever asks listens; what comes after that is nobody's concern.
        for (const stream of [input, output]) stream.on('error', () => {})
        return new Terminal(input, output, true)
      } catch (error) {
        input.destroy()
        throw error
      }
    } catch {
      return undefined
    }
  }
}

function openTerminal(flag: number): number {
  const fd = openSync('/dev/tty', flag | constants.O_NOCTTY)
  if (isatty(fd)) return fd
  closeSync(fd)
  throw new Error('It is no terminal.')
}
