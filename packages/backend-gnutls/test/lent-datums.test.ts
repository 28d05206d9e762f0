import test from 'ava'
import { openGnutls } from '#src/gnutls.js'

const { memory } = openGnutls()
const contents = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(5000).fill(7)]

test('lent-datums/one', (t) => {
  for (const content of contents) {
    t.deepEqual(
      memory.withDatum(content, (datum) => memory.readDatum(datum)),
      content,
    )
  }
})

test('lent-datums/several-in-a-row', (t) => {
  t.deepEqual(
    memory.withDatums(contents, (datums) => memory.readDatums(datums, contents.length)),
    contents,
  )
})

test('lent-datums/typed', (t) => {
  const content = new TextEncoder().encode('1.3.6.1')
  const words = memory.withTypedDatum(2, content, (struct) => {
    const read = new BigUint64Array(memory.read(struct, 24).buffer)
    // A C string: with the zero behind it.
    return [read[0], memory.read(read[1] as bigint, content.length + 1), read[2]]
  })
  t.deepEqual(words, [2n, Uint8Array.of(...content, 0), BigInt(content.length)])
})

test('lent-datums/what-the-call-throws', (t) => {
  const call = () => {
    throw new RangeError('no')
  }
  t.throws(() => memory.withDatum(Uint8Array.of(1), call), { instanceOf: RangeError })
})
