import { readFile } from 'node:fs/promises'
import { testCa, viaIntermediate } from '@tlsio/conformance/fixtures'
import test from 'ava'
import { folderWith, run } from './support.js'

test('readme/shows-what-is-printed', async (t) => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const [, words = '', shown = ''] = /```console\n\$ tlsio (.*)\n([\s\S]*?)```/.exec(readme) ?? []
  const path = await folderWith(t, { 'chain.pem': viaIntermediate.certificate, 'ca.pem': testCa })
  const { stdout } = await run(
    words.split(' ').map((word) => (word.endsWith('.pem') ? path(word) : word)),
  )
  t.is(withoutMarks(stdout.replaceAll(`${path('')}/`, '')), withoutMarks(shown))
})

/** The certificates of the tests are made anew now and then. */
function withoutMarks(text: string): string {
  return text.replace(/^( {3}(?:serial|SHA-256) +)[\da-f]+$/gm, '$1…')
}
