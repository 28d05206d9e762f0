import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Ports } from './server.js'

/** The process that `server.ts` runs in. */
export class ServerProcess {
  readonly ports: Ports
  readonly #child: ChildProcess
  #stopping = false

  private constructor(child: ChildProcess, ports: Ports) {
    this.#child = child
    this.ports = ports
  }

  /** Starts it; resolves when it listens. */
  static async start(): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), { execArgv: [] })
    const ports = await new Promise<Ports>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Ports))
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`The server process ended with ${code}.`)))
    })
    return new ServerProcess(child, ports)
  }

  /** Rejects if the process ends before {@link stop}: a client would wait for it in vain. */
  untilFailed(): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.#child.once('exit', (code) => {
        if (!this.#stopping) reject(new Error(`The server process ended with ${code}.`))
      })
    })
  }

  /** Ends it. */
  stop(): void {
    this.#stopping = true
    if (this.#child.connected) this.#child.disconnect()
  }
}
