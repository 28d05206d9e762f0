import type { Writable } from 'node:stream'
import { abortable } from '../base/abortable.js'
import { IoError } from '../errors.js'
import type { TlsInteraction, TlsInteractionResult } from '../interaction.js'
import type { TlsPassword } from '../password.js'
import { PIN_FLAGS } from '../password-flags.js'
import type { IoOptions } from '../streams/io-stream.js'
import { ioErrorFrom } from './errors.js'
import { HiddenLine, type LineEnding } from './hidden-line.js'
import { printableText } from './printable-text.js'
import { Terminal, type TerminalInput } from './terminal.js'

/** Where a {@link TerminalInteraction} asks. */
export interface TerminalInteractionOptions {
  /**
   * Where the person types. Default: the controlling terminal of the process; if `output` is given,
   * standard input.
   */
  readonly input?: TerminalInput | undefined
  /**
   * Where the person reads. Default: the controlling terminal of the process; if `input` is given,
   * standard error.
   */
  readonly output?: Writable | undefined
}

/**
 * Asks for passwords at the terminal, without echo. Where the process has none, it answers
 * `unhandled`.
 *
 * By default it opens the terminal that controls the process (`/dev/tty`), so standard input and
 * output may go elsewhere; where there is no such thing, as on Windows, it takes standard input and
 * error if both are terminals. Nothing else should read from the terminal meanwhile. Several
 * questions at once, of whichever of these, are asked one after the other.
 *
 * Backspace removes a character and Ctrl-U the line. Enter ends the line, and so does Ctrl-D if
 * something was typed. Ctrl-C, and Ctrl-D on an empty line, give up. The terminal is back in the
 * mode that it was in before the answer is there, however it comes, and when the process exits.
 *
 * @see GIO `GTlsInteraction`; POSIX `getpass()`
 */
export class TerminalInteraction implements TlsInteraction {
  readonly #open: () => Terminal | undefined

  /** Makes one; nothing is opened before it is asked. */
  constructor(options: TerminalInteractionOptions = {}) {
    const { input, output } = options
    const isGiven = input !== undefined || output !== undefined
    this.#open = isGiven
      ? () => Terminal.over(input ?? process.stdin, output ?? process.stderr)
      : () => Terminal.open()
  }

  /**
   * Shows description and warning, control characters escaped, and reads a line. The value is the
   * bytes that the terminal sent: UTF-8 almost everywhere.
   *
   * @param password - gets the line as its value; an empty one is a value, too.
   * @param options - `signal` takes the question back.
   * @returns `unhandled` if there is no terminal.
   * @throws an `AbortError` if the person gives up; the signal's reason.
   * @throws {@link IoError} `IO_BROKEN_PIPE` if the terminal goes away, `IO_FAILED` for a line of
   *   more than 4096 bytes.
   * @see GIO `g_tls_interaction_ask_password_async()`
   */
  askPassword(password: TlsPassword, options: IoOptions = {}): Promise<TlsInteractionResult> {
    const { signal } = options
    const turn = lastTurn.then(() => this.#ask(password, signal))
    lastTurn = turn.catch(() => {})
    return abortable(turn, signal)
  }

  async #ask(
    password: TlsPassword,
    signal: AbortSignal | undefined,
  ): Promise<TlsInteractionResult> {
    signal?.throwIfAborted()
    const terminal = this.#open()
    if (terminal === undefined) return 'unhandled'
    const line = new HiddenLine()
    try {
      const ending = await readHidden(terminal, promptFor(password), line, signal)
      if (ending !== 'entered') throw gaveUp()
      password.setValue(line.bytes)
      return 'handled'
    } finally {
      line.erase()
      terminal.close()
    }
  }
}

/** Two who read from one terminal would share what is typed. */
let lastTurn: Promise<unknown> = Promise.resolve()

function promptFor({ description, warning, flags }: TlsPassword): string {
  const lines = [description, warning ?? ''].filter((text) => text !== '')
  const what = (flags & PIN_FLAGS) === 0 ? 'Password' : 'PIN'
  return [...lines.map(printableText), `${what}: `].join('\n')
}

/** Fills `line`; the terminal is as it was when this settles, and when `signal` has aborted. */
function readHidden(
  terminal: Terminal,
  prompt: string,
  line: HiddenLine,
  signal: AbortSignal | undefined,
): Promise<LineEnding> {
  const { input, output } = terminal
  return new Promise((resolve, reject) => {
    const onData = (chunk: Uint8Array | string) => {
      const typed = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      try {
        const ending = line.type(typed)
        if (ending !== undefined) finish(() => resolve(ending))
      } catch (error) {
        finish(() => reject(error))
      } finally {
        typed.fill(0)
      }
    }
    const onAbort = () => finish(() => reject(signal?.reason))
    const onError = (error: unknown) =>
      finish(() => reject(ioErrorFrom(error, 'Asking at the terminal')))
    const onEnd = () => finish(() => reject(isGone()))
    const finish = (settle: () => void) => {
      input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError)
      output.off('error', onError)
      signal?.removeEventListener('abort', onAbort)
      restore()
      // Enter was not echoed either.
      if (output.writable) output.write('\n')
      settle()
    }
    const restore = terminal.hide()
    signal?.addEventListener('abort', onAbort, { once: true })
    output.on('error', onError)
    input.on('error', onError).on('end', onEnd).on('close', onEnd).on('data', onData)
    // Then it will not tell that it has ended.
    if (input.readableEnded || input.destroyed) return onEnd()
    output.write(prompt)
    input.resume()
  })
}

function gaveUp(): DOMException {
  return new DOMException('The person at the terminal gave up.', 'AbortError')
}

function isGone(): IoError {
  return new IoError('IO_BROKEN_PIPE', 'The terminal went away while somebody was asked there.')
}
