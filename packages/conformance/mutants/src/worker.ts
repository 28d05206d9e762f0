// Runs the suite on mutants, or on the good backend, in a thread.
import { setTimeout as after } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { createGood } from './breaking/good.js'
import { hasLibraryChanged } from './breaking/library.js'
import { planFor, runCases } from './run-suite.js'
import type { ThreadAnswer, ThreadTask } from './suite-thread.js'
import { mutants } from './zoo/index.js'

// Cases look out for errors that nobody caught; what a mutant leaves to others ends no thread.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})

const answer = (message: ThreadAnswer) => parentPort?.postMessage(message)

parentPort?.on('message', async ({ mutant: name, selection }: ThreadTask) => {
  const mutant = mutants.find((one) => one.name === name)
  await runCases(planFor(mutant ?? { create: createGood }, selection), answer)
  // What comes late is not to be held against the next.
  await after(LATE)
  answer({ isReusable: !hasLibraryChanged() })
})

/** In milliseconds. */
const LATE = 50
