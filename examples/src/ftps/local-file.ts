import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'

/**
 * A file on its way here. Its bytes go to `NAME.part`, and only a complete file gets its name, so
 * that nobody takes a part for the whole.
 */
export class IncomingFile {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #overwrite: boolean

  private constructor(path: string, handle: FileHandle, overwrite: boolean) {
    this.#path = path
    this.#handle = handle
    this.#overwrite = overwrite
  }

  /** @throws Error if the file, or its part from somebody else's download, exists. */
  static async create(path: string, overwrite: boolean): Promise<IncomingFile> {
    if (!overwrite && (await exists(path))) throw alreadyThere(path)
    const part = partOf(path)
    return new IncomingFile(path, await open(part, 'wx').catch(explaining(part)), overwrite)
  }

  /** Adds bytes at the end. */
  async write(chunk: Uint8Array): Promise<void> {
    await this.#handle.writeFile(chunk).catch(explaining(partOf(this.#path)))
  }

  /** All bytes are there: gives the file its name. */
  async complete(): Promise<void> {
    await this.#handle.sync().catch(explaining(partOf(this.#path)))
    await this.#handle.close()
    // The name may have been taken meanwhile; claiming it first never replaces somebody's file.
    if (!this.#overwrite) await claim(this.#path)
    await rename(partOf(this.#path), this.#path).catch(explaining(this.#path))
  }

  /** Removes the part. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {})
    await rm(partOf(this.#path), { force: true })
  }
}

/** A file on its way out. */
export class OutgoingFile {
  /** In bytes. */
  readonly size: number
  readonly #path: string
  readonly #handle: FileHandle

  private constructor(path: string, handle: FileHandle, size: number) {
    this.#path = path
    this.#handle = handle
    this.size = size
  }

  /** @throws Error if it cannot be read, or is no file. */
  static async open(path: string): Promise<OutgoingFile> {
    const handle = await open(path, 'r').catch(explaining(path))
    const found = await handle.stat()
    if (found.isFile()) return new OutgoingFile(path, handle, found.size)
    await handle.close()
    throw new Error(`"${path}": it is no file.`)
  }

  /** Its content, once. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      // A new buffer each time: whoever gets a chunk may keep it.
      const buffer = new Uint8Array(chunkLength)
      const { bytesRead } = await this.#handle.read(buffer).catch(explaining(this.#path))
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  }

  /** Lets go of it. */
  close(): Promise<void> {
    return this.#handle.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function claim(path: string): Promise<void> {
  const handle = await open(path, 'wx').catch(explaining(path))
  await handle.close()
}

function partOf(path: string): string {
  return `${path}.part`
}

function alreadyThere(path: string): Error {
  return new Error(`"${path}" exists already; --overwrite replaces it.`)
}

/** Rejects with an error that says in words what is wrong with `path`. */
function explaining(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const reason = reasons[error.code ?? ''] ?? error.message
    throw new Error(`"${path}": ${reason}.`, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not access it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of the path is no folder',
  EROFS: 'the disk is read-only',
}

const chunkLength = 65536
