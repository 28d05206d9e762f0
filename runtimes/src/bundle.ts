import { build } from 'esbuild'

/**
 * A compiled file, by its path, and all it imports as one module, for where there are no packages. A
 * `node:` import is an error.
 */
export async function bundle(entry: string, conditions: readonly string[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: [...conditions],
    logLevel: 'error',
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`${entry} has no bundle.`)
  return output.text
}
