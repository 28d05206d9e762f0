import test from 'ava'
import { printable, printableJson } from '#src/terminal/printable.js'

const hostile = 'a\u001b[31m\u0007\r\n\tb\u009bc\u202ed\u200be\ufefff\u2028g\u2066h\u{e0001}'

test('printable/nothing-controls-the-terminal', (t) => {
  t.is(
    printable(hostile),
    'a\\1B[31m\\07\\0D\\0A\\09b\\C2\\9Bc\\E2\\80\\AEd\\E2\\80\\8Be\\EF\\BB\\BFf\\E2\\80\\A8g\\E2\\81\\A6h\\F3\\A0\\80\\81',
  )
})

test('printable/half-a-surrogate-pair', (t) => {
  t.is(printable('a\ud800b'), 'a\\EF\\BF\\BDb')
})

test('printable/letters-of-all-scripts-stay', (t) => {
  const text = 'Zürich, Ελλάδα, 東京, مثال, 🔒 "x" \\'
  t.is(printable(text), text)
})

test('printable/json-means-the-same-and-is-printable', (t) => {
  const value = { [hostile]: hostile, plain: 'Zürich' }
  const json = printableJson(JSON.stringify(value, null, 2))
  t.deepEqual(JSON.parse(json), value)
  t.notRegex(json, /[^\P{C}\n]|[\u2028\u2029]/u)
})
