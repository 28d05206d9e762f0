import test from 'ava'
import type { Selection } from '#src/run-suite.js'
import type { SuiteRun } from '#src/suite-thread.js'
import { tryMutant } from '#src/try-mutant.js'
import { mutants } from '#src/zoo/index.js'

const mutant = mutants.find(({ name }) => name === 'server-name-never-sent')
if (mutant === undefined) throw new Error('There is no such mutant.')

/** A thread in which cases fail as told, run after run, and what it was asked for. */
function threadThatFails(...runs: readonly (readonly string[])[]) {
  const asked: Selection[] = []
  const run = async (_: string | undefined, selection: Selection = {}): Promise<SuiteRun> => {
    const names = runs[asked.push(selection) - 1] ?? []
    return { ran: 400, failed: names.map((name) => ({ name, problem: 'late' })) }
  }
  return { asked, run, end: async () => {} }
}

test('mutants/an-unrelated-case-counts-though-it-would-not-fail-again', async (t) => {
  const unrelated = ['close/once', 'alpn/twice']
  const thread = threadThatFails(unrelated, [])
  const trial = await tryMutant(thread, mutant)
  t.deepEqual(trial.unrelated, unrelated)
  t.deepEqual(thread.asked, [{ areas: [] }])
})

test('mutants/who-survives-its-own-cases-is-tried-again', async (t) => {
  const thread = threadThatFails([], [])
  const trial = await tryMutant(thread, mutant, { own: true })
  t.false(trial.killed)
  t.is(thread.asked.length, 2)
})
