import tls from 'node:tls'
import test from 'ava'
import { faultsOf } from '#src/path-validation/certificate-rules.js'
import {
  DerError,
  readBitStringBytes,
  readBoolean,
  readDer,
  readInteger,
  readNamedBits,
  readObjectIdentifier,
  readSmallInteger,
  readTime,
  Tag,
} from '#src/path-validation/der.js'
import { PathCertificate } from '#src/path-validation/path-certificate.js'
import { parsePem } from '#src/pem.js'
import { parseX509 } from '#src/x509.js'
import { readWithLibrary } from './support/library-reader.js'

const der = (...bytes: number[]) => readDer(Uint8Array.from(bytes))
const refused = { instanceOf: DerError }

test('der/one-encoding-of-a-length', (t) => {
  t.is(der(4, 2, 7, 8).content.length, 2)
  const long = [...Array(200).keys()]
  t.is(der(4, 0x81, 200, ...long).content.length, 200)
  for (const bytes of [
    [],
    [4],
    [4, 2, 7],
    [4, 2, 7, 8, 9],
    [4, 0x81, 2, 7, 8],
    [4, 0x82, 0, 200, ...long],
    [4, 0x80, 7, 0, 0],
    [0x24, 0x80, 4, 1, 7, 0, 0],
    [4, 0x85, 0, 0, 0, 0, 1, 7],
    [4, 0x84, 0xff, 0xff, 0xff, 0xff, 7],
    [4, 0x81],
    [0x1f, 1, 7],
  ]) {
    t.throws(() => der(...bytes), refused, bytes.join())
  }
})

test('der/one-encoding-of-a-value', (t) => {
  t.true(readBoolean(der(1, 1, 255)))
  t.false(readBoolean(der(1, 1, 0)))
  t.throws(() => readBoolean(der(1, 1, 1)), refused)
  t.deepEqual([...readInteger(der(2, 2, 0, 0x80))], [0, 0x80])
  for (const bytes of [
    [2, 0],
    [2, 2, 0, 0x7f],
    [2, 2, 0xff, 0x80],
  ]) {
    t.throws(() => readInteger(der(...bytes)), refused)
  }
  t.is(readSmallInteger(der(2, 2, 1, 0)), 256)
  t.is(readSmallInteger(der(2, 4, 0x7f, 0xff, 0xff, 0xff)), 0x7fffffff)
  t.is(readSmallInteger(der(2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0)), 0x7fffffff)
  t.throws(() => readSmallInteger(der(2, 1, 0xff)), refused)
  t.is(readNamedBits(der(3, 2, 1, 6)), 32 | 64)
  t.is(readNamedBits(der(3, 3, 7, 0, 0x80)), 256)
  t.throws(() => readNamedBits(der(3, 2, 1, 7)), refused)
  t.throws(() => readNamedBits(der(3, 2, 8, 0)), refused)
  t.throws(() => readBitStringBytes(der(3, 2, 1, 6)), refused)
  t.throws(() => readBitStringBytes(der(3, 0)), refused)
})

test('der/object-identifiers', (t) => {
  t.is(readObjectIdentifier(der(6, 3, 0x55, 0x1d, 0x13)), '2.5.29.19')
  t.is(readObjectIdentifier(der(6, 3, 0x88, 0x37, 3)), '2.999.3')
  t.is(readObjectIdentifier(der(6, 1, 39)), '0.39')
  t.throws(() => readObjectIdentifier(der(6, 0)), refused)
  t.throws(() => readObjectIdentifier(der(6, 2, 0x55, 0x9d)), refused)
  t.throws(() => readObjectIdentifier(der(6, 3, 0x55, 0x80, 0x01)), refused)
  t.throws(() => readObjectIdentifier(der(6, 11, 0x55, ...Array(9).fill(0xff), 1)), refused)
})

test('der/times', (t) => {
  const time = (tag: number, text: string) => () =>
    readTime(der(tag, text.length, ...Array.from(text, (character) => character.charCodeAt(0))))
  t.is(time(Tag.UTC_TIME, '491231235959Z')(), Date.UTC(2049, 11, 31, 23, 59, 59))
  t.is(time(Tag.UTC_TIME, '500101000000Z')(), Date.UTC(1950, 0, 1))
  t.is(time(Tag.GENERALIZED_TIME, '20500101000000Z')(), Date.UTC(2050, 0, 1))
  t.is(time(Tag.GENERALIZED_TIME, '99991231235959Z')(), Date.UTC(9999, 11, 31, 23, 59, 59))
  for (const text of [
    '2601010000Z',
    '260101000000',
    '260101000000+0100',
    '260230000000Z',
    '261301000000Z',
    '260101240000Z',
    '260101006000Z',
    '260101000060Z',
  ]) {
    t.throws(time(Tag.UTC_TIME, text), refused, text)
  }
  t.throws(time(Tag.GENERALIZED_TIME, '20260101000000.5Z'), refused)
  t.throws(time(Tag.IA5_STRING, '260101000000Z'), refused)
})

test('der/roots-of-the-web-are-read-as-the-library-reads-them', (t) => {
  const strange: string[] = []
  for (const pem of tls.rootCertificates) {
    const [{ der: bytes } = { der: new Uint8Array() }] = parsePem(pem)
    const ours = new PathCertificate(bytes)
    const theirs = readWithLibrary(bytes)
    t.is(ours.notBefore, theirs.notBefore)
    t.is(ours.notAfter, theirs.notAfter)
    const place = { isLeaf: false, isAnchor: true }
    const rules = {
      time: ours.notBefore,
      purpose: 'serverAuth',
      profile: 'rfc5280',
      toleratesAnchors: false,
    } as const
    const faults = faultsOf(ours, place, rules)
    if (faults.length > 0) strange.push(`${parseX509(bytes).subjectName}: ${faults[0]?.detail}`)
  }
  t.log(strange.join('\n'))
  // Two old ones of a hundred and fifty break a rule of RFC 5280 on what is in a CA's certificate.
  t.true(strange.length <= tls.rootCertificates.length / 50)
})
