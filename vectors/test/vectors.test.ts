import test from 'ava'
import { loadCases, usualFolder } from '#src/load.js'
import { percent, shortcomings, tallies } from '#src/results.js'
import { runCases } from '#src/run.js'

const cases = await loadCases(usualFolder)
const title = 'vectors/paths-of-others-are-judged-as-they-say'

if (cases === undefined) {
  test.skip(`${title} (there are no vectors in ${usualFolder})`, () => {})
} else {
  // "No case that must be rejected is ever accepted", and nearly all others are.
  test(title, async (t) => {
    const results = await runCases(cases)
    for (const { suite, counts, acceptedShare } of tallies(results, 'own')) {
      t.log(`${suite}: ${JSON.stringify(counts)}, ${percent(acceptedShare)} of the valid accepted`)
    }
    t.deepEqual(shortcomings(results), [])
  })
}
