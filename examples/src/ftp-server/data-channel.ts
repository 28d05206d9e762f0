import { IoError, type IoStream, TlsError, type TlsServerConnection } from '@tlsio/core'
import { DataPort } from './data-port.js'
import type { TlsAcceptor } from './tls-acceptor.js'

/** What became of a data connection: the reply that says so. */
export type Outcome = readonly [code: number, text: string]

/** The data connections of one control connection, one after the other. */
export class DataChannel {
  readonly #acceptor: TlsAcceptor
  #port: DataPort | undefined
  #stream: IoStream | undefined

  constructor(acceptor: TlsAcceptor) {
    this.#acceptor = acceptor
  }

  /** Whether a port was opened and not used yet. */
  get isOpen(): boolean {
    return this.#port !== undefined
  }

  /** Opens a port for the next connection, in place of one that was not used. */
  async open(): Promise<number> {
    this.#port?.close()
    this.#port = await DataPort.open()
    return this.#port.number
  }

  /**
   * Takes the connection, and moves data over it if it resumes the control connection's session.
   */
  async carry(verb: string, move: (data: TlsServerConnection) => Promise<void>): Promise<Outcome> {
    const port = this.#port
    this.#port = undefined
    try {
      this.#stream = await port?.take()
      if (this.#stream === undefined) return [425, 'Use EPSV or PASV first.']
      const data = this.#acceptor.wrap(this.#stream)
      this.#stream = data
      await this.#acceptor.handshake(data, 'data', verb)
      if (data.isSessionResumed) await move(data)
      await data.close()
      if (data.isSessionResumed) return [226, 'Transfer complete.']
      return [522, 'SSL connection failed: session reuse required']
    } catch (error) {
      this.#stream?.abort()
      if (isClientsDoing(error)) return [426, 'The data connection failed.']
      throw error
    } finally {
      port?.close()
    }
  }

  /** Drops what is open. */
  abort(): void {
    this.#port?.close()
    this.#stream?.abort()
  }
}

/** Whether an error is one of the connection, which a client can cause at will. */
export function isClientsDoing(error: unknown): boolean {
  return error instanceof TlsError || error instanceof IoError
}
