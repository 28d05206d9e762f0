import { type IoStream, TlsError } from '@tlsio/core'
import type { HandshakeParameters, HandshakeResult, TlsDriver } from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'

/** Kinds of frames; each has a header of {@link HEADER} bytes: `P`, the kind, the length. */
const Kind = { HELLO: 1, FINISHED: 2, DATA: 3, END: 4 } as const
type Kind = (typeof Kind)[keyof typeof Kind]

/** Speaks frames in place of TLS records, and watches that core keeps the promises of {@link TlsDriver}. */
export class PlainDriver<P extends HandshakeParameters> implements TlsDriver<P> {
  readonly #role: 'client' | 'server'
  readonly #stream: IoStream
  readonly #broken: string[]
  readonly #busy = new Set<'read' | 'write'>()
  #state: 'new' | 'handshaking' | 'open' | 'over' = 'new'
  #watches = true
  #buffer: Uint8Array = new Uint8Array(0)
  #end: { readonly error?: unknown } | undefined
  #lastRead: Promise<unknown> = Promise.resolve()
  #wroteEnd = false

  constructor(role: 'client' | 'server', stream: IoStream, broken: string[]) {
    this.#role = role
    this.#stream = stream
    this.#broken = broken
  }

  async handshake(parameters: P): Promise<HandshakeResult> {
    this.#promise(this.#state === 'new', 'handshake is called once, and first')
    if (this.#state === 'new') this.#state = 'handshaking'
    this.#watches = parameters.detectTruncation
    const peerChain = await this.#exchange(parameters)
    if (this.#state === 'handshaking') this.#state = 'open'
    return {
      protocolVersion: parameters.maxVersion,
      cipherSuite: 'TLS_NULL_WITH_NULL_NULL',
      negotiatedProtocol: null,
      isSessionResumed: false,
      peerChain,
      chainErrors: 0,
    }
  }

  /** A client may speak before the server has its last message, as in TLS 1.3. */
  async #exchange({ certificate }: P): Promise<readonly Uint8Array[]> {
    if (this.#role === 'client') {
      await this.#send(Kind.HELLO, Uint8Array.of(0))
      const der = await this.#expect(Kind.HELLO)
      await this.#send(Kind.FINISHED, Uint8Array.of(0))
      return [der]
    }
    await this.#expect(Kind.HELLO)
    await this.#send(Kind.HELLO, certificate?.der ?? new Uint8Array(0))
    await this.#expect(Kind.FINISHED)
    return []
  }

  get hasEnded(): boolean {
    return this.#end !== undefined && this.#end.error === undefined
  }

  read(): Promise<Uint8Array | null> {
    this.#promise(this.#state === 'open', 'read comes after the handshake and before the end')
    const read = this.#exclusively('read', () => this.#nextData())
    this.#lastRead = read.catch(() => {})
    return read
  }

  write(chunk: Uint8Array): Promise<void> {
    this.#promise(this.#state === 'open', 'write comes after the handshake and before the end')
    this.#promise(chunk.length > 0, 'write is never called with nothing')
    this.#promise(!this.#wroteEnd, 'write never comes after closeWrite')
    return this.#exclusively('write', () => this.#send(Kind.DATA, chunk))
  }

  closeRead(): void {
    this.#promise(this.#state === 'open', 'closeRead comes after the handshake and before the end')
    void this.#discard()
  }

  async closeWrite(): Promise<void> {
    this.#promise(this.#state === 'open', 'closeWrite comes after the handshake and before the end')
    this.#promise(!this.#wroteEnd, 'closeWrite is called once')
    this.#promise(!this.#busy.has('write'), 'closeWrite comes after the last write has settled')
    this.#wroteEnd = true
    await this.#send(Kind.END)
    await this.#stream.closeWrite()
  }

  close(): Promise<void> {
    this.#promise(this.#state === 'open', 'close is called once, on an open connection')
    this.#promise(this.#wroteEnd, 'close comes after closeWrite')
    this.#state = 'over'
    return this.#stream.close()
  }

  abort(reason: unknown): void {
    this.#state = 'over'
    this.#stream.abort(reason)
  }

  #promise(kept: boolean, what: string): void {
    if (!kept) this.#broken.push(`${this.#role} in state ${this.#state}: ${what}`)
  }

  async #exclusively<T>(direction: 'read' | 'write', action: () => Promise<T>): Promise<T> {
    this.#promise(!this.#busy.has(direction), `never two ${direction}s at a time`)
    this.#busy.add(direction)
    try {
      return await action()
    } finally {
      this.#busy.delete(direction)
    }
  }

  async #discard(): Promise<void> {
    await this.#lastRead
    try {
      while ((await this.#nextData()) !== null);
    } catch {
      // Nobody reads any more, so nobody is told either.
    }
  }

  async #nextData(): Promise<Uint8Array | null> {
    if (this.#end === undefined) {
      try {
        const frame = await this.#frame()
        if (frame?.kind === Kind.DATA) return frame.body
        if (frame === undefined && this.#watches) throw truncated()
        if (frame !== undefined && frame.kind !== Kind.END) throw unexpected('TLS_MISC')
        this.#end = {}
      } catch (error) {
        this.#end = { error }
        void this.#drain()
      }
    }
    if (this.#end.error !== undefined) throw this.#end.error
    return null
  }

  /** Takes what still comes after an error, and throws it away. */
  async #drain(): Promise<void> {
    try {
      while ((await this.#stream.read()) !== null);
    } catch {
      // It broke, or was closed.
    }
  }

  async #expect(kind: Kind): Promise<Uint8Array> {
    const frame = await this.#frame()
    if (frame?.kind !== kind) throw unexpected('TLS_NOT_TLS')
    return frame.body
  }

  /** The next frame, `undefined` at the end of the stream. */
  async #frame(): Promise<{ readonly kind: number; readonly body: Uint8Array } | undefined> {
    if (!(await this.#fill(HEADER))) return undefined
    const [mark, kind = 0, high = 0, low = 0] = this.#buffer
    if (mark !== MARK) throw unexpected(this.#state === 'open' ? 'TLS_MISC' : 'TLS_NOT_TLS')
    const end = HEADER + ((high << 8) | low)
    if (!(await this.#fill(end))) return undefined
    const body = this.#buffer.slice(HEADER, end)
    this.#buffer = this.#buffer.subarray(end)
    return { kind, body }
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#buffer.length < length) {
      const chunk = await this.#stream.read()
      if (chunk === null) return false
      this.#buffer = concat(this.#buffer, chunk)
    }
    return true
  }

  #send(kind: Kind, body: Uint8Array = new Uint8Array(0)): Promise<void> {
    const frames: Uint8Array[] = []
    for (let at = 0; at < body.length || at === 0; at += MOST) {
      const part = body.subarray(at, at + MOST)
      frames.push(Uint8Array.of(MARK, kind, part.length >> 8, part.length & 0xff), part)
    }
    return this.#stream.write(concat(...frames))
  }
}

const HEADER = 4
const MARK = 0x50
const MOST = 16_384

function unexpected(code: 'TLS_MISC' | 'TLS_NOT_TLS'): TlsError {
  return new TlsError(code, 'What the peer sent is none of the frames that may come now.')
}

function truncated(): TlsError {
  return new TlsError('TLS_EOF', 'The stream ended without its last frame.')
}
