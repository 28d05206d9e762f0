/** Files of the server, in one folder, by name. */
export class MemoryFiles {
  readonly #files = new Map<string, Uint8Array>()

  /** The content of a file, `undefined` if there is none. */
  get(path: string): Uint8Array | undefined {
    return this.#files.get(nameOf(path))
  }

  /** Adds or replaces a file. */
  set(path: string, content: Uint8Array): void {
    this.#files.set(nameOf(path), content)
  }

  /** All files, a line each, as `ls -l` would. */
  list(): string {
    return [...this.#files]
      .map(([name, { length }]) => `-rw-r--r-- 1 ftp ftp ${length} Jan 01 2020 ${name}\r\n`)
      .join('')
  }
}

function nameOf(path: string): string {
  return path.replace(/^\/+/, '')
}
