import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { openGnutls } from '#src/gnutls.js'
import { decodeSession, encodeSession } from '#src/session-bytes.js'

const gnutls = openGnutls()
const data = Uint8Array.from({ length: 300 }, (_, at) => at * 7)
const kept = { group: 0x1_02, data }
const bytes = encodeSession(gnutls, kept)

test('session-bytes/whole', (t) => {
  t.deepEqual(decodeSession(gnutls, bytes), kept)
})

test('session-bytes/any-bit-changed', (t) => {
  const taken: number[] = []
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7))
    if (decodeSession(gnutls, damaged) !== undefined) taken.push(bit)
  }
  t.deepEqual(taken, [])
})

test('session-bytes/cut-or-lengthened', (t) => {
  for (let length = 0; length < bytes.length; length++) {
    t.is(decodeSession(gnutls, bytes.subarray(0, length)), undefined)
  }
  t.is(decodeSession(gnutls, concat(bytes, Uint8Array.of(0))), undefined)
})

test('session-bytes/of-another-version-of-the-library', (t) => {
  const other = Object.create(gnutls, { version: { value: '3.99.0' } }) as typeof gnutls
  const theirs = encodeSession(other, kept)
  t.deepEqual(decodeSession(other, theirs), kept)
  t.is(decodeSession(gnutls, theirs), undefined)
})
