import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { betterTlsCases } from './bettertls.js'
import { limboCases } from './limbo.js'
import type { VectorCase } from './vector-case.js'

/** Where the vectors are unless somebody says otherwise: beside the checkout. */
export const usualFolder = fileURLToPath(new URL('../../../shared/vectors', import.meta.url))

/** Reads all cases of a folder; `undefined` if they are not there. */
export async function loadCases(folder: string): Promise<VectorCase[] | undefined> {
  try {
    const limbo = await readFile(join(folder, 'limbo-20231202.json'), 'utf8')
    const betterTls = await readFile(join(folder, 'bettertls-subset.json'), 'utf8')
    return [...limboCases(limbo), ...betterTlsCases(betterTls)]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
