import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url))

/** A compiled file of this package. */
export function compiled(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
