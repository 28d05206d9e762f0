import type { HandshakeParameters, HandshakeResult, TlsEngine } from '@tlsio/core/backend'
import { fullHandshake } from './scripted-backend.js'

/** What a step of {@link ScriptedEngine} is to do before it ends. */
export type Script = (engine: ScriptedEngine) => void | Promise<void>

/**
 * An engine that does what the test says at each step, and keeps a log of what core asked for. It
 * notes when core breaks a promise that it gives to engines.
 */
export class ScriptedEngine implements TlsEngine {
  readonly log: string[] = []
  /** Promises to engines that core broke. */
  readonly broken: string[] = []
  readonly plaintext: Uint8Array[] = []
  readonly ciphertext: Uint8Array[] = []
  readonly takenBack: Uint8Array[] = []
  #result: HandshakeResult | undefined
  #hasEnded = false
  onStart: Script = () => {}
  onReceive: (received: string, engine: ScriptedEngine) => void | Promise<void> = () => {}
  onWrite: (written: string, engine: ScriptedEngine) => void | Promise<void> = (written, engine) =>
    engine.send(`<${written}>`)
  onCloseNotify: Script = (engine) => engine.send('<end>')
  #released = false
  #running = new Set<'in' | 'out'>()

  get result(): HandshakeResult | undefined {
    this.#promise(!this.#released, 'nothing is asked after release')
    return this.#result
  }

  get hasEnded(): boolean {
    this.#promise(!this.#released, 'nothing is asked after release')
    return this.#hasEnded
  }

  /** The peer's end has arrived. */
  end(): void {
    this.#hasEnded = true
  }

  start(_parameters: HandshakeParameters): void | Promise<void> {
    this.#promise(this.log.length === 0, 'start comes once and first')
    return this.#step('in', 'start', () => this.onStart(this))
  }

  receive(ciphertext: Uint8Array): void | Promise<void> {
    const received = text(ciphertext)
    return this.#step('in', `receive ${received}`, () => this.onReceive(received, this))
  }

  write(plaintext: Uint8Array): void | Promise<void> {
    this.#promise(this.result !== undefined, 'write comes after the handshake')
    this.#promise(plaintext.length > 0 && plaintext.length <= 65_536, 'write is 1 to 65,536 bytes')
    this.#promise(!this.log.includes('closeNotify'), 'write never comes after closeNotify')
    const written = text(plaintext)
    return this.#step('out', `write ${written.slice(0, 20)}`, () => this.onWrite(written, this))
  }

  closeNotify(): void | Promise<void> {
    this.#promise(!this.log.includes('closeNotify'), 'closeNotify comes once')
    return this.#step('out', 'closeNotify', () => this.onCloseNotify(this))
  }

  takeCiphertext(): Uint8Array | undefined {
    this.#promise(!this.#released, 'nothing comes after release')
    return this.ciphertext.shift()
  }

  takeBack(ciphertext: Uint8Array): void {
    this.#promise(!this.#released, 'nothing comes after release')
    this.takenBack.push(ciphertext)
  }

  takePlaintext(): Uint8Array | undefined {
    this.#promise(!this.#released, 'nothing comes after release')
    return this.plaintext.shift()
  }

  release(): void {
    this.#promise(!this.#released, 'release comes once')
    this.#promise(this.#running.size === 0, 'release never comes while a step runs')
    this.#released = true
    this.log.push('release')
  }

  /** Puts something where core takes it to send it. */
  send(words: string): void {
    this.ciphertext.push(bytes(words))
  }

  /** Puts something where core takes it to hand it to the reader. */
  deliver(words: string): void {
    this.plaintext.push(bytes(words))
  }

  /** Completes the handshake. */
  complete(changes: Partial<HandshakeResult> = {}): void {
    this.#result = fullHandshake(changes)
  }

  #step(
    direction: 'in' | 'out',
    what: string,
    run: () => void | Promise<void>,
  ): void | Promise<void> {
    this.#promise(!this.#released, 'nothing comes after release')
    this.#promise(!this.#running.has(direction), `${what} comes while another such step runs`)
    this.log.push(what)
    this.#running.add(direction)
    const done = () => this.#running.delete(direction)
    try {
      const running = run()
      if (running !== undefined) return running.finally(done)
    } catch (error) {
      done()
      throw error
    }
    done()
  }

  #promise(kept: boolean, what: string): void {
    if (!kept) this.broken.push(what)
  }
}

/** ASCII text as bytes. */
export function bytes(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}

/** Bytes as ASCII text. */
export function text(data: Uint8Array | null | undefined): string {
  return data === null ? 'null' : new TextDecoder().decode(data)
}
