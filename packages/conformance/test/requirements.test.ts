import { noCapabilities } from '@tlsio/core/backend'
import test from 'ava'
import { areas } from '#src/areas.js'
import { titlesNamed } from '#src/case-titles.js'
import { listCases, listRequirements } from '#src/index.js'
import { requirementGroups } from '#src/requirements/index.js'

const requirements = listRequirements().flatMap((group) => group.requirements)
const titles = listCases().map(({ title }) => title)

test('requirements/each-has-a-name-of-its-own', (t) => {
  const ids = requirements.map(({ id }) => id)
  t.deepEqual(
    ids.filter((id, at) => ids.indexOf(id) !== at || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)),
    [],
  )
})

test('requirements/each-is-said-in-sentences', (t) => {
  t.deepEqual(
    requirements.filter(({ statement }) => !/^.{8,}[.]$/.test(statement)),
    [],
  )
  t.deepEqual(
    requirements.filter(({ source }) => source.length < 8),
    [],
  )
})

test('requirements/each-has-a-case', (t) => {
  t.deepEqual(
    requirementGroups.flatMap((group) =>
      group.requirements.flatMap(({ id, cases }) =>
        cases.length === 0
          ? [id]
          : cases
              .filter((name) => titlesNamed(name, titles).length === 0)
              .map((name) => `${id}: ${name}`),
      ),
    ),
    [],
  )
})

test('requirements/those-of-core-ask-nothing-of-a-backend', (t) => {
  const names = requirementGroups
    .filter(({ subject }) => subject === 'core')
    .flatMap((group) => group.requirements.flatMap(({ cases }) => cases))
    .map((name) => name.split('/', 1)[0])
  const asking = areas.filter(
    ({ name, scope, applies }) =>
      names.includes(name) && (scope === 'version' || !applies(noCapabilities)),
  )
  t.true(names.length > 0)
  t.deepEqual(asking, [])
})

test('requirements/each-case-belongs-to-one', (t) => {
  const owners = new Map<string, string[]>(titles.map((title) => [title, []]))
  for (const { id, cases } of requirements) for (const title of cases) owners.get(title)?.push(id)
  t.deepEqual(
    [...owners].filter(([, ids]) => ids.length !== 1),
    [],
  )
})
