// A program as a child process of ours: it is listened to, and ends with the test.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'

/** Where what must be undone is noted: a test, or a whole file of them. */
export interface Scope {
  /** Runs `undo` at the end; the last one first. */
  teardown(undo: () => void | Promise<void>): void
}

/** A command line. */
export type Command = readonly [program: string, ...args: string[]]

/** Where a program runs, and as whom if not as ourselves. */
export interface ChildOptions {
  readonly cwd: string
  readonly uid?: number
  readonly gid?: number
}

/** A running program. */
export class Child {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #name: string
  readonly #exit: Promise<unknown>
  readonly #end: Promise<unknown>
  #heard: (() => void)[] = []
  #output = ''

  constructor(scope: Scope, [program, ...args]: Command, options: ChildOptions) {
    const child = spawn(program, args, options)
    this.#process = child
    this.#name = program
    this.#exit = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
    this.#end = new Promise((resolve) => child.once('close', resolve))
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('latin1').on('data', (text: string) => {
        this.#output += text
        this.#wake()
      })
    }
    child.once('close', () => this.#wake())
    child.on('error', () => {})
    child.stdin.on('error', () => {})
    running.add(child)
    scope.teardown(() => this.#stop())
  }

  /** Everything it has printed, to either stream, a character for each byte. */
  get output(): string {
    return this.#output
  }

  /** Whether it has not ended yet. */
  get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#process
    return pid !== undefined && exitCode === null && signalCode === null
  }

  /** Waits until what it prints after the first `since` bytes matches. */
  async said(pattern: RegExp, since = 0): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output.slice(since))
      if (match !== null) return match
      if (this.#process.stdout.closed) throw this.#surprise(`${pattern} was not heard`)
      await new Promise<void>((resolve) => this.#heard.push(resolve))
    }
  }

  /** Types something in; the input stays open. */
  type(text: string): void {
    this.#process.stdin.write(text)
  }

  /** Ends its input, and waits for it to end well. */
  async finish(): Promise<void> {
    this.#process.stdin.end()
    await this.#end
    if (this.#process.exitCode !== 0) throw this.#surprise(`status ${this.#process.exitCode}`)
  }

  /** Ends it at once, with no chance to take leave of anybody. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#exit
  }

  /** Asks it to end, and insists after 5 s. */
  async #stop(): Promise<void> {
    const child = this.#process
    const insist = setTimeout(() => child.kill('SIGKILL'), 5000)
    child.kill('SIGTERM')
    await this.#exit
    clearTimeout(insist)
    running.delete(child)
    // What it started itself may hold them open.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
  }

  #wake(): void {
    for (const wake of this.#heard.splice(0)) wake()
  }

  #surprise(what: string): Error {
    return new Error(`${this.#name}: ${what}. Its output:\n${this.#output}`)
  }
}

// A run that breaks off leaves no program behind.
const running = new Set<ChildProcessWithoutNullStreams>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
