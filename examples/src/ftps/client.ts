import type { TlsClientConnection } from '@tlsio/core'
import { IoError } from '@tlsio/core'
import { connectTcp } from '@tlsio/core/node'
import { ControlConnection } from './control-connection.js'
import type { FtpsOptions } from './options.js'
import { extendedPassivePort, passivePort } from './passive-port.js'
import { FtpError } from './reply.js'
import { TlsConnector } from './tls-connector.js'
import { transfer } from './transfer.js'

/** A list is kept in memory; files are streamed and have no limit. */
const maxListLength = 16 * 1024 * 1024

/** Takes the chunks of a download; the next one comes when its promise resolves. */
export type Sink = (chunk: Uint8Array) => void | Promise<void>

/** Explicit FTP over TLS (RFC 4217): one control connection, and a data connection per transfer. */
export class FtpsClient {
  readonly #options: FtpsOptions
  readonly #connector: TlsConnector
  readonly #control: ControlConnection
  readonly #controlTls: TlsClientConnection
  #extendedPassive = true
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    options: FtpsOptions,
    connector: TlsConnector,
    control: ControlConnection,
    controlTls: TlsClientConnection,
  ) {
    this.#options = options
    this.#connector = connector
    this.#control = control
    this.#controlTls = controlTls
  }

  /**
   * Connects, secures the control connection and logs in.
   *
   * @throws IoError if there is no connection to the server.
   * @throws TlsError if the handshake fails, or the server's certificate is not acceptable.
   * @throws FtpError if the server refuses.
   */
  static async connect(options: FtpsOptions): Promise<FtpsClient> {
    const { host, port = 21, signal } = options
    const connector = new TlsConnector(options)
    const control = new ControlConnection(await connectTcp({ host, port, signal }), { signal })
    try {
      await control.reply('the connection', 2)
      await control.request('AUTH TLS', 2)
      const tls = control.replaceStream((stream) => connector.control(stream))
      await connector.handshake(tls, 'control')
      await logIn(control, options)
      return new FtpsClient(options, connector, control, tls)
    } catch (error) {
      control.abort(error)
      throw error
    }
  }

  /** Lists a folder, in the server's own format. Default: the current one. */
  async list(path = ''): Promise<string> {
    const decoder = new TextDecoder()
    let list = ''
    await this.#receive(path === '' ? 'LIST' : `LIST ${path}`, (chunk) => {
      list += decoder.decode(chunk, { stream: true })
      if (list.length > maxListLength) throw new Error(`The list of "${path}" is too long.`)
    })
    return list + decoder.decode()
  }

  /** Size of a file in bytes; `undefined` if the server does not tell. */
  size(path: string): Promise<number | undefined> {
    return this.#inTurn(async () => {
      try {
        const { text } = await this.#control.request(`SIZE ${path}`, 2)
        const size = Number(text.slice(4))
        return Number.isSafeInteger(size) && size >= 0 ? size : undefined
      } catch (error) {
        if (error instanceof FtpError && error.code >= 500) return undefined
        throw error
      }
    })
  }

  /**
   * Gives a file to `sink`, chunk by chunk. Only if this resolves was that all of it; to the number
   * of bytes.
   */
  download(path: string, sink: Sink): Promise<number> {
    return this.#receive(`RETR ${path}`, sink)
  }

  /**
   * Stores a file; resolves to the number of bytes once the server says that it has all of them.
   */
  upload(path: string, source: AsyncIterable<Uint8Array>): Promise<number> {
    return this.#overData(`STOR ${path}`, async (data) => {
      let sent = 0
      for await (const chunk of source) {
        await data.write(chunk, this.#options)
        sent += chunk.length
      }
      return sent
    })
  }

  /** Says goodbye and closes, after what is under way. */
  quit(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#control.request('QUIT', 2)
      await this.#control.close()
    })
  }

  /** Drops the control connection at once; does nothing after {@link FtpsClient.quit}. */
  abort(reason: unknown = new IoError('IO_CLOSED', 'The FTP client is closed.')): void {
    this.#control.abort(reason)
  }

  #receive(command: string, sink: Sink): Promise<number> {
    return this.#overData(command, async (data) => {
      let received = 0
      for (;;) {
        const chunk = await data.read(this.#options)
        if (chunk === null) return received
        received += chunk.length
        await sink(chunk)
      }
    })
  }

  #overData<T>(command: string, move: (data: TlsClientConnection) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const { signal } = this.#options
      const host = this.#controlTls.remoteAddress?.address ?? this.#options.host
      const stream = await connectTcp({ host, port: await this.#dataPort(), signal })
      try {
        // The server starts TLS only after it has accepted the command; if it refuses, it never
        // does.
        await this.#control.request(command, 1)
      } catch (error) {
        stream.abort(error)
        throw error
      }
      const data = this.#connector.data(stream, this.#controlTls)
      return transfer(command, this.#control, data, async () => {
        await this.#connector.handshake(data, 'data')
        return move(data)
      })
    })
  }

  async #dataPort(): Promise<number> {
    if (this.#extendedPassive) {
      try {
        return extendedPassivePort((await this.#control.request('EPSV', 2)).text)
      } catch (error) {
        if (!(error instanceof FtpError && error.code >= 500)) throw error
        this.#extendedPassive = false
      }
    }
    return passivePort((await this.#control.request('PASV', 2)).text)
  }

  /** FTP does one thing at a time: each task starts when the one before it has ended. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => {})
    return result
  }
}

async function logIn(control: ControlConnection, options: FtpsOptions): Promise<void> {
  const { user = 'anonymous', password = '' } = options
  const { code } = await control.request(`USER ${user}`, 2, 3)
  if (code >= 300) await control.requestLogin(password)
  await control.request('PBSZ 0', 2)
  await control.request('PROT P', 2)
  await control.request('TYPE I', 2)
}
