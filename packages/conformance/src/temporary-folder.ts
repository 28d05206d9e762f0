/** A folder for the time of one case. */
export interface TemporaryFolder {
  /** The path of a file in it, whether or not it exists. */
  path(name: string): string
  /** Writes a file; gives its path. */
  write(name: string, bytes: Uint8Array): Promise<string>
}

/** Whether the runtime has Node's modules, and so files. Workers and pages have not. */
export const hasFiles: boolean =
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !==
  undefined

/** Makes a folder, and removes it with all that is in it. */
export async function withTemporaryFolder(
  use: (folder: TemporaryFolder) => Promise<void>,
): Promise<void> {
  const [files, paths, system] = (await Promise.all(
    ['node:fs/promises', 'node:path', 'node:os'].map(load),
  )) as [Files, Paths, System]
  const root = await files.mkdtemp(paths.join(system.tmpdir(), 'tlsio-'))
  const path = (name: string) => paths.join(root, name)
  try {
    await use({
      path,
      async write(name, bytes) {
        await files.writeFile(path(name), bytes)
        return path(name)
      },
    })
  } finally {
    await files.rm(root, { recursive: true })
  }
}

/** By a name that no bundler sees. The suite is compiled without Node's types. */
function load(name: string): Promise<unknown> {
  return import(name)
}

interface Files {
  mkdtemp(prefix: string): Promise<string>
  writeFile(path: string, bytes: Uint8Array): Promise<void>
  rm(path: string, options: { recursive: boolean }): Promise<void>
}

interface Paths {
  join(...parts: string[]): string
}

interface System {
  tmpdir(): string
}
