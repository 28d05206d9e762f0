import { readFileSync } from 'node:fs'
import { listRequirements } from '@tlsio/conformance'
import test from 'ava'
import { requirementsPage } from '#src/requirements-page.js'
import { mutants } from '#src/zoo/index.js'

test('pages/requirements-are-up-to-date', (t) => {
  const page = readFileSync(new URL('../../../../../docs/requirements.md', import.meta.url), 'utf8')
  t.true(page === requirementsPage(listRequirements(), mutants), '`pnpm requirements` writes it')
})
