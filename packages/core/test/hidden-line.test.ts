import test from 'ava'
import fc from 'fast-check'
import { HiddenLine } from '#src/node/hidden-line.js'

/** What is in the line after that was typed. */
function typed(keys: string | Uint8Array): string {
  const line = new HiddenLine()
  line.type(typeof keys === 'string' ? Buffer.from(keys) : keys)
  return Buffer.from(line.bytes).toString('latin1')
}

/** Bytes of that text in UTF-8, a character for each. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1')

test('hidden-line/endings', (t) => {
  const ending = (keys: string) => new HiddenLine().type(Buffer.from(keys))
  t.is(ending('abc'), undefined)
  t.is(ending('abc\r'), 'entered')
  t.is(ending('\n'), 'entered')
  t.is(ending('\u0004'), 'ended')
  t.is(ending('a\u0004'), 'entered')
  t.is(ending('a\u007f\u0004'), 'ended')
  t.is(ending('a\u0003b'), 'interrupted')
})

test('hidden-line/backspace-removes-a-character', (t) => {
  t.is(typed('a\u007f\u007fb'), 'b')
  t.is(typed('ab\bc'), 'ac')
  for (const character of ['é', '€', '🔑']) t.is(typed(`a${character}\u007fb`), 'ab')
  t.is(typed(Uint8Array.of(0x61, 0xe9, 0xe8, 0x7f)), 'a\u00e9', 'Latin-1: a byte at a time.')
  t.is(typed(Uint8Array.of(0x61, 0x85, 0x84, 0x7f)), 'a\u0085', 'Nothing leads these.')
  t.is(typed(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x7f)), '\u0080'.repeat(4))
})

test('hidden-line/kill-removes-all', (t) => {
  t.is(typed('abc\u0015d'), 'd')
})

test('hidden-line/keys-that-are-no-characters', (t) => {
  t.is(typed('a\u001b[Ab\u001b[1;5Cc\u001bOPd\u001b[3~e'), 'abcde')
  t.is(typed('\u001b[200~pasted\u001b[201~'), 'pasted')
  t.is(typed('a\u001bb'), 'ab', 'An escape by itself takes nothing with it.')
  t.is(typed('a\u001b\u001b[Ab'), 'ab')
  t.is(typed('ab\u001b\u007fc'), 'ac')
  t.is(typed('a\u0000\u0001\u001a\tb'), 'a\tb')
  const line = new HiddenLine()
  t.is(line.type(Buffer.from('a\u001b[1')), undefined)
  t.is(line.type(Buffer.from(';5')), undefined)
  t.is(line.type(Buffer.from('Cb\u001b[\r')), 'entered', 'Nothing hides the end of the line.')
  t.is(Buffer.from(line.bytes).toString(), 'ab')
})

test('hidden-line/what-goes-is-erased', (t) => {
  const line = new HiddenLine()
  line.type(Buffer.from('secret'))
  const { bytes } = line
  line.type(Uint8Array.of(0x7f))
  t.deepEqual([...bytes], [...Buffer.from('secre'), 0])
  line.type(Buffer.from('x'.repeat(64)))
  t.deepEqual([...bytes], [0, 0, 0, 0, 0, 0], 'Outgrown.')
  const { bytes: long } = line
  line.erase()
  t.true(long.every((byte) => byte === 0))
  t.is(line.bytes.length, 0)
})

test('hidden-line/however-it-comes-in-pieces', (t) => {
  const key = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter(isCharacter),
    fc.constantFrom('\u007f', '\u0015', '\u001b[A', '\u001b[200~'),
  )
  fc.assert(
    fc.property(fc.array(key), fc.array(fc.nat(7)), (keys, sizes) => {
      const line = new HiddenLine()
      let rest = Buffer.from(keys.join(''))
      for (const size of sizes) {
        t.is(line.type(rest.subarray(0, size)), undefined)
        rest = rest.subarray(size)
      }
      line.type(rest)
      return Buffer.from(line.bytes).toString('latin1') === latin1(expected(keys))
    }),
  )
  t.pass()
})

function isCharacter(text: string): boolean {
  return text >= ' ' && text !== '\u007f'
}

/** The same, done the plain way. */
function expected(keys: readonly string[]): string {
  let characters: string[] = []
  for (const key of keys) {
    if (key === '\u007f') characters.pop()
    else if (key === '\u0015') characters = []
    else if (!key.startsWith('\u001b')) characters.push(key)
  }
  return characters.join('')
}
