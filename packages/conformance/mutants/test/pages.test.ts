import { readFileSync } from 'node:fs'
import { listRequirements } from '@tlsio/conformance'
import test from 'ava'
import { requirementsPage } from '#src/requirements-page.js'
import { mutants } from '#src/zoo/index.js'

const groups = listRequirements()

test('pages/requirements-are-up-to-date', (t) => {
  t.true(pageOf('requirements') === requirementsPage(groups, mutants), '`pnpm requirements`')
})

test('pages/kill-table-has-each-mutant-once', (t) => {
  const expected = mutants.map(({ name, breaks }) => `${name} breaks ${breaks}`)
  const rows = killTable().map(({ mutant, breaks }) => `${mutant} breaks ${breaks}`)
  t.deepEqual(rows.sort(), expected.sort(), '`pnpm mutants --page docs/mutants.md`')
})

test('pages/each-mutant-was-killed-by-its-own-rule', (t) => {
  const requirements = groups.flatMap((group) => group.requirements)
  for (const { mutant, breaks, killedBy } of killTable()) {
    const cases = requirements.find(({ id }) => id === breaks)?.cases ?? []
    t.true(killedBy.length > 0, mutant)
    t.deepEqual(
      killedBy.filter((title) => !cases.includes(title)),
      [],
      mutant,
    )
  }
})

function pageOf(name: string): string {
  return readFileSync(new URL(`../../../../../docs/${name}.md`, import.meta.url), 'utf8')
}

interface Row {
  readonly mutant: string
  readonly breaks: string
  readonly killedBy: readonly string[]
}

function killTable(): readonly Row[] {
  return pageOf('mutants')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [mutant = '', breaks = '', ...killedBy] = [...line.matchAll(/`([^`]+)`/g)].map(
        ([, name]) => name as string,
      )
      return { mutant, breaks, killedBy }
    })
}
