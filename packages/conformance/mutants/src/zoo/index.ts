import type { Mutant } from '../mutant.js'
import { serverNameMutants } from './server-name.js'

/** All of them, in the order of the requirements. */
export const mutants: readonly Mutant[] = [...serverNameMutants]
