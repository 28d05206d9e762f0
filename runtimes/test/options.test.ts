import test from 'ava'
import { parseOptions } from '#src/options.js'
import type { Runtime } from '#src/runtime.js'

const all: readonly Runtime[] = ['node22', 'node24', 'deno'].map((name) => ({
  name,
  label: name,
  runSuite: async () => {},
}))

function chosen(...typed: string[]): string[] {
  return parseOptions(all, ['node', 'main.js', ...typed]).chosen.map(({ name }) => name)
}

test('options/all-unless-some-are-asked-for', (t) => {
  t.deepEqual(chosen(), ['node22', 'node24', 'deno'])
  t.deepEqual(chosen('deno', 'node22'), ['node22', 'deno'])
})

test('options/number-of-a-node', (t) => {
  t.deepEqual(chosen('24', 'node24', '22'), ['node22', 'node24'])
})

test('options/json', (t) => {
  t.is(parseOptions(all, ['node', 'main.js', '--json', 'a.json', 'deno']).json, 'a.json')
})

test('options/reports', (t) => {
  t.is(parseOptions(all, ['node', 'main.js', '--reports', 'folder']).reports, 'folder')
})

test('options/short', (t) => {
  t.false(parseOptions(all, ['node', 'main.js']).short)
  t.true(parseOptions(all, ['node', 'main.js', '--short']).short)
})
