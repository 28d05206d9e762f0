import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import { listCases } from '#src/index.js'

const DOCUMENT = new URL('../../../../docs/contract.md', import.meta.url)

/** Tests of what is not an engine's business, as sources. */
const TESTS = ['../../../core/test/', '../../../backend-node/test/'].map(
  (folder) => new URL(folder, import.meta.url),
)

interface Rule {
  readonly name: string
  readonly statement: string
  readonly titles: readonly string[]
  readonly reason: string
}

const rules = readRules(readFileSync(DOCUMENT, 'utf8'))
const cases = new Set(listCases().map(({ title }) => title))

test('docs/contract/each-rule-is-said-once', (t) => {
  const names = rules.map(({ name }) => name)
  t.true(names.length > 150)
  t.deepEqual(
    names.filter((name, at) => name === '' || names.indexOf(name) !== at),
    [],
  )
  t.deepEqual(
    rules.filter(({ statement }) => statement === ''),
    [],
  )
})

test('docs/contract/each-rule-has-a-case-or-a-reason', (t) => {
  t.deepEqual(
    rules.filter(({ titles, reason }) => titles.length === 0 && reason === ''),
    [],
  )
})

test('docs/contract/each-title-exists', (t) => {
  const tests = new Set(TESTS.flatMap(titlesIn))
  t.deepEqual(
    rules.flatMap(({ name, titles }) =>
      titles
        .filter((title) => !cases.has(title) && !tests.has(title))
        .map((title) => `${name}: ${title}`),
    ),
    [],
  )
})

/** The rows of all tables: `| **NAME.** statement | titles in code style | reason |`. */
function readRules(text: string): Rule[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (-+|Rule) /.test(line))
    .map((line) => {
      const [rule = '', titles = '', reason = ''] = line.split('|').slice(1)
      const [, name = '', statement = ''] = /^\s*\*\*(.+?)\*\*(.*)$/.exec(rule) ?? []
      return {
        name,
        statement: statement.trim(),
        titles: [...titles.matchAll(/`([^`]+)`/g)].map(([, title]) => title as string),
        reason: reason.trim(),
      }
    })
}

/** The titles of a folder's tests, as far as they are written out. */
function titlesIn(folder: URL): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => {
      const source = readFileSync(new URL(name, folder), 'utf8')
      return [...source.matchAll(/^test\('([^']+)'/gm)].map(([, title]) => title as string)
    })
}
