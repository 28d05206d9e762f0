import { IoError, type IoStream, type TlsServerConnection } from '@tlsio/core'
import { LineReader } from '../ftps/line-reader.js'
import { parseCommand, requiredStage, type Stage, stages } from './commands.js'
import { DataChannel, isClientsDoing } from './data-channel.js'
import type { MemoryFiles } from './memory-files.js'
import type { FtpServerOptions, ServedConnection } from './server.js'
import { TlsAcceptor } from './tls-acceptor.js'

/** What a session needs of its server. */
export interface FtpSessionOptions extends FtpServerOptions {
  readonly files: MemoryFiles
  /** Told about each TLS handshake that succeeded. */
  readonly onTls: (seen: Omit<ServedConnection, 'control'>) => void
}

const chunkLength = 65536

/** One control connection and its data connections. */
export class FtpSession {
  readonly #options: FtpSessionOptions
  readonly #acceptor: TlsAcceptor
  readonly #data: DataChannel
  #stream: IoStream
  #lines: LineReader
  #stage: Stage = 'plain'

  constructor(stream: IoStream, options: FtpSessionOptions) {
    this.#stream = stream
    this.#lines = new LineReader(stream)
    this.#options = options
    this.#acceptor = new TlsAcceptor(options, options.onTls)
    this.#data = new DataChannel(this.#acceptor)
  }

  /** Serves until the client leaves. @throws what is not the client's doing. */
  async run(): Promise<void> {
    try {
      await this.#reply(220, 'Ready; use AUTH TLS.')
      while (await this.#serveCommand());
      await this.#stream.close()
    } catch (error) {
      if (!isClientsDoing(error)) throw error
    } finally {
      this.abort()
    }
  }

  /** Drops all its connections at once. */
  abort(): void {
    this.#data.abort()
    this.#stream.abort()
  }

  async #serveCommand(): Promise<boolean> {
    const line = await this.#lines.next()
    if (line === null) return false
    const { verb, argument } = parseCommand(line)
    const required = requiredStage.get(verb)
    if (required === undefined) await this.#reply(502, 'This command is not known here.')
    else if (stages.indexOf(this.#stage) < stages.indexOf(required)) {
      await this.#reply(503, `Too early for ${verb}: it needs ${required}.`)
    } else await this.#execute(verb, argument)
    return verb !== 'QUIT'
  }

  async #execute(verb: string, argument: string): Promise<void> {
    const { files } = this.#options
    const file = files.get(argument)
    switch (verb) {
      case 'AUTH':
        return this.#startTls(argument)
      case 'USER':
        if (argument !== 'anonymous') return this.#reply(530, 'Only anonymous users.')
        this.#stage = 'login'
        return this.#reply(230, 'Welcome.')
      case 'PROT':
        if (argument !== 'P') return this.#reply(536, 'Data connections need TLS: PROT P.')
        this.#stage = 'protection'
        return this.#reply(200, 'Data connections use TLS.')
      case 'PWD':
        return this.#reply(257, '"/" is the only folder.')
      case 'SIZE':
        return file ? this.#reply(213, `${file.length}`) : this.#reply(550, 'No such file.')
      case 'EPSV':
      case 'PASV':
        return this.#openDataPort(verb)
      case 'LIST':
        return this.#send(verb, new TextEncoder().encode(files.list()))
      case 'RETR':
        return file ? this.#send(verb, file) : this.#reply(550, 'No such file.')
      case 'STOR':
        return file ? this.#reply(553, 'The file exists.') : this.#receive(verb, argument)
      case 'QUIT':
        return this.#reply(221, 'Goodbye.')
      default:
        return this.#reply(200, 'Done.')
    }
  }

  async #startTls(mechanism: string): Promise<void> {
    if (mechanism.toUpperCase() !== 'TLS') return this.#reply(504, 'Only AUTH TLS.')
    if (this.#stage !== 'plain') return this.#reply(503, 'This is TLS already.')
    // Commands sent ahead in plaintext must not be taken for those of the client behind TLS.
    if (!this.#lines.isEmpty) throw new IoError('IO_FAILED', 'There is plaintext after AUTH TLS.')
    await this.#reply(234, 'Go ahead with TLS.')
    const tls = this.#acceptor.wrap(this.#stream)
    this.#stream = tls
    this.#lines = new LineReader(tls)
    await this.#acceptor.handshake(tls, 'control', null)
    this.#stage = 'tls'
  }

  async #openDataPort(verb: 'EPSV' | 'PASV'): Promise<void> {
    if (this.#options.passive?.includes(verb) === false) {
      return this.#reply(502, `${verb} is switched off.`)
    }
    const port = await this.#data.open()
    if (verb === 'EPSV') return this.#reply(229, `Extended passive mode (|||${port}|)`)
    // An address for documentation (RFC 5737), as wrong as behind address translation.
    await this.#reply(227, `Passive mode (192,0,2,1,${port >> 8},${port & 255})`)
  }

  #send(verb: string, content: Uint8Array): Promise<void> {
    return this.#overData(verb, async (data) => {
      for (let at = 0; at < content.length; at += chunkLength) {
        await data.write(content.subarray(at, at + chunkLength))
      }
    })
  }

  #receive(verb: string, path: string): Promise<void> {
    return this.#overData(verb, async (data) => {
      const chunks: Uint8Array[] = []
      for (let chunk = await data.read(); chunk; chunk = await data.read()) chunks.push(chunk)
      this.#options.files.set(path, Buffer.concat(chunks))
    })
  }

  async #overData(verb: string, move: (data: TlsServerConnection) => Promise<void>): Promise<void> {
    if (this.#data.isOpen) await this.#reply(150, 'Here it comes.')
    await this.#reply(...(await this.#data.carry(verb, move)))
  }

  async #reply(code: number, text: string): Promise<void> {
    await this.#stream.write(new TextEncoder().encode(`${code} ${text}\r\n`))
  }
}
