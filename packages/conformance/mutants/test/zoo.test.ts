import { listRequirements } from '@tlsio/conformance'
import test from 'ava'
import { mutants } from '#src/zoo/index.js'

const requirements = listRequirements().flatMap((group) => group.requirements)

test('mutants/each-has-a-name-of-its-own', (t) => {
  const names = mutants.map(({ name }) => name)
  t.deepEqual(
    names.filter(
      (name, at) => names.indexOf(name) !== at || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name),
    ),
    [],
  )
})

test('mutants/each-breaks-a-requirement-that-there-is', (t) => {
  const ids = new Set(requirements.map(({ id }) => id))
  t.deepEqual(
    mutants
      .filter(({ breaks }) => !ids.has(breaks))
      .map(({ name, breaks }) => `${name}: ${breaks}`),
    [],
  )
})

test('mutants/each-requirement-has-one', (t) => {
  const broken = new Set(mutants.map(({ breaks }) => breaks))
  t.deepEqual(
    requirements.map(({ id }) => id).filter((id) => !broken.has(id)),
    [],
  )
})
