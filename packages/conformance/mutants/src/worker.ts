// Runs the suite on one mutant, or on the good backend, in a thread.
import { parentPort, workerData } from 'node:worker_threads'
import { createGood } from './breaking/good.js'
import { planFor, runCases, type WorkerData } from './run-suite.js'
import { mutants } from './zoo/index.js'

const { mutant: name, selection } = workerData as WorkerData
const mutant = mutants.find((one) => one.name === name)
const plan = planFor(mutant?.create ?? createGood, mutant?.version ?? 'TLSv1.3', selection)
await runCases(plan, (outcome) => parentPort?.postMessage(outcome))
process.exit()
