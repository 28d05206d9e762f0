import type { GeneralName } from '@peculiar/asn1-x509'
import { TlsCertificate } from '@tlsio/core'
import test from 'ava'
import { certificateMatchesIdentity } from '#src/identity-match.js'
import { canonicalIdentity } from '#src/server-identity.js'
import {
  ecKeys,
  make,
  type Recipe,
  withValue,
} from './path-validation/support/certificate-maker.js'

const keys = ecKeys()

/** Whether a certificate with these alternative names is for a host. */
function matches(
  names: readonly Partial<GeneralName>[],
  hostname: string,
  more: Recipe = {},
): boolean {
  const { der } = make({ keys, names, ...more })
  const certificate = TlsCertificate.fromDerChain([der])
  return certificateMatchesIdentity(certificate, canonicalIdentity({ hostname }))
}

/** Whether a certificate whose one iPAddress entry has these bytes is for a host. */
function addressMatches(bytes: readonly number[], hostname: string): boolean {
  const entry = [0x87, bytes.length, ...bytes]
  const value = Uint8Array.of(0x30, entry.length, ...entry)
  return matches([{ dNSName: 'a.test' }], hostname, { change: withValue('2.5.29.17', value) })
}

const long = (length: number) => 'a'.repeat(length)
/** A name of 253 characters in labels of at most 63. */
const longest = `${long(63)}.${long(63)}.${long(63)}.${long(56)}.test`
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

/** By rule: entry, host, and whether the entry is for the host. */
const dnsNames: Readonly<Record<string, readonly (readonly [string, string, boolean])[]>> = {
  '6.3/each-label-matches': [
    ['a.test', 'a.test', true],
    ['a.test', 'b.test', false],
    ['a.test', 'x.a.test', false],
    ['x.a.test', 'a.test', false],
    ['test', 'a.test', false],
    ['a.test', 'test', false],
    ['host', 'host', true],
    ['atest', 'a.test', false],
    ['a.test', 'aa.test', false],
  ],
  '6.3/case-of-ascii-letters-makes-no-difference': [
    ['A.Test', 'a.TEST', true],
    ['*.A.TEST', 'X.a.Test', true],
    ['XN--BCHER-KVA.test', 'bücher.test', true],
    // The Kelvin sign, and a capital I with a dot, which lower case turns into ASCII letters.
    [utf8('\u212A.test'), 'k.test', false],
    ['\u00CF.test', 'i.test', false],
  ],
  '6.3/a-labels-are-compared': [
    ['xn--bcher-kva.test', 'bücher.test', true],
    ['xn--bcher-kva.test', 'BÜCHER.test', true],
    ['xn--bcher-kva.test', 'bu\u0308cher.test', true],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test', true],
    ['xn--fa-hia.test', 'faß.test', true],
    ['fass.test', 'faß.test', false],
    ['a.test', 'a。test', true],
    [utf8('bücher.test'), 'bücher.test', false],
    ['b\u00FCcher.test', 'bücher.test', false],
    ['bucher.test', 'bücher.test', false],
    ['xn--bucher-kva.test', 'bücher.test', false],
  ],
  '6.3/a-wildcard-stands-for-exactly-one-label': [
    ['*.a.test', 'x.a.test', true],
    ['*.a.test', 'a.test', false],
    ['*.a.test', 'x.y.a.test', false],
    ['*.a.test', 'xa.test', false],
    ['*.a.test', 'xn--bcher-kva.a.test', true],
    ['*.a.test', 'x_y.a.test', true],
    ['*.xn--bcher-kva.test', 'x.bücher.test', true],
  ],
  '6.3/a-wildcard-is-the-whole-left-most-label': [
    ['x*.a.test', 'xy.a.test', false],
    ['*x.a.test', 'yx.a.test', false],
    ['x*y.a.test', 'xzy.a.test', false],
    ['*x', 'yx', false],
    ['x.*.test', 'x.a.test', false],
    ['x.a.*', 'x.a.test', false],
    ['**.a.test', 'x.a.test', false],
    ['*.*.test', 'x.a.test', false],
    ['*.*.a.test', 'x.y.a.test', false],
    ['xn--*.a.test', 'xn--bcher-kva.a.test', false],
    ['?.a.test', 'x.a.test', false],
  ],
  // Public suffixes are beyond RFC 9525 (§7.1): one label below a wildcard is too few for us.
  '7.1/a-wildcard-needs-two-labels-below-it': [
    ['*', 'host', false],
    ['*.', 'host', false],
    ['*.test', 'a.test', false],
    ['*..test', 'a.test', false],
    ['*.test.', 'a.test', false],
    ['*.co.test', 'a.co.test', true],
  ],
  'RFC-5280-4.2.1.6/no-entry-that-is-no-dns-name': [
    ['a.test\0.evil.test', 'a.test', false],
    ['a.test\0', 'a.test', false],
    ['\0a.test', 'a.test', false],
    ['*\0.a.test', 'x.a.test', false],
    ['*.a.test\0.evil.test', 'x.a.test', false],
    [' a.test', 'a.test', false],
    ['a.test ', 'a.test', false],
    ['a. test', 'a.test', false],
    ['a.test\n', 'a.test', false],
    [' ', 'a.test', false],
    ['', 'a.test', false],
    ['.', 'a.test', false],
    ['.a.test', 'x.a.test', false],
    ['.a.test', 'a.test', false],
    ['a..test', 'a.test', false],
    ['a.test.', 'a.test', false],
    ['*.a.test.', 'x.a.test', false],
    ['a.test:443', 'a.test', false],
    ['https://a.test/', 'a.test', false],
    ['a.test,b.test', 'a.test', false],
    ['DNS:a.test', 'a.test', false],
    [`${long(64)}.test`, `${long(63)}.test`, false],
    [`${longest}.test`, longest, false],
  ],
  'RFC-1034-3.5/what-names-in-use-have': [
    ['a_b.test', 'a_b.test', true],
    ['_a.test', '_A.test', true],
    ['-a.test', '-a.test', true],
    ['a-.test', 'a-.test', true],
    ['a--b.test', 'a--b.test', true],
    ['1.test', '1.test', true],
    [`${long(63)}.test`, `${long(63)}.test`, true],
    [longest, longest, true],
    ['a.test', 'a.test.', true],
  ],
}

for (const [rule, rows] of Object.entries(dnsNames)) {
  test(`identity-match/dns/${rule}`, (t) => {
    for (const [entry, host, expected] of rows) {
      t.is(matches([{ dNSName: entry }], host), expected, JSON.stringify([entry, host]))
    }
  })
}

/** Entry, literal, and whether the entry is for it. */
const addresses: readonly (readonly [string, string, boolean])[] = [
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['0.0.0.0', '0.0.0.0', true],
  ['2001:db8::1', '2001:DB8:0:0::1', true],
  ['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001', true],
  ['2001:db8::1', '2001:db8::2', false],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', true],
  ['2001:db8:0:1:1:1:1:1', '2001:db8::1:1:1:1:1', true],
  ['::', '0::0', true],
  // The same host perhaps, but other bytes.
  ['192.0.2.1', '::ffff:192.0.2.1', false],
  ['192.0.2.1', '::192.0.2.1', false],
  ['::ffff:c000:201', '192.0.2.1', false],
  ['::ffff:c000:201', '::ffff:192.0.2.1', true],
  ['::ffff:c000:201', '::ffff:c000:201', true],
]

test('identity-match/ip/6.4-byte-for-byte', (t) => {
  for (const [iPAddress, literal, expected] of addresses) {
    t.is(matches([{ iPAddress }], literal), expected, `${iPAddress} ${literal}`)
  }
})

test('identity-match/ip/6.4-only-entries-of-4-or-16-bytes', (t) => {
  const address = [192, 0, 2, 1]
  t.true(addressMatches(address, '192.0.2.1'))
  t.true(addressMatches([...Array(15).fill(0), 1], '::1'))
  // An address and a mask are for name constraints (RFC 5280 §4.2.1.10).
  t.false(addressMatches([...address, 255, 255, 255, 255], '192.0.2.1'))
  t.false(addressMatches([...address, 0], '192.0.2.1'))
  t.false(addressMatches([192, 0, 2], '192.0.2.0'))
  t.false(addressMatches([...Array(15).fill(0), 1, 0], '::1'))
  t.false(addressMatches([...Array(15).fill(0), 1, ...Array(16).fill(255)], '::1'))
  t.false(addressMatches([], '0.0.0.0'))
})

test('identity-match/ip/6.4-never-by-a-dns-name', (t) => {
  for (const [entry, literal] of [
    ['192.0.2.1', '192.0.2.1'],
    ['*.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['*', '192.0.2.1'],
    ['*', '::1'],
  ] as const) {
    t.false(matches([{ dNSName: entry }], literal), entry)
  }
  // Nor an address that spells a name: these are the bytes of "host".
  t.false(addressMatches([...Buffer.from('host')], 'host'))
})

test('identity-match/any-of-several-entries', (t) => {
  const names = [
    { dNSName: 'bad..entry' },
    { dNSName: 'a.test' },
    { dNSName: '*.b.test' },
    { iPAddress: '192.0.2.1' },
  ]
  for (const host of ['a.test', 'x.b.test', '192.0.2.1']) t.true(matches(names, host), host)
  for (const host of ['b.test', 'x.a.test', '192.0.2.2']) t.false(matches(names, host), host)
})

test('identity-match/2-never-by-the-common-name', (t) => {
  const others = [
    { rfc822Name: 'me@a.test' },
    { uniformResourceIdentifier: 'https://a.test/' },
    { registeredID: '1.2.3' },
  ]
  const [name, address] = ['a.test', '192.0.2.1']
  t.false(matches([], name, { name }))
  t.false(matches(others, name, { name }), 'names of other kinds alone')
  t.false(matches([{ iPAddress: address }], name, { name }), 'addresses alone')
  t.false(matches([{ dNSName: 'b.test' }], name, { name }))
  t.false(matches([], address, { name: address }))
  t.false(matches([{ dNSName: 'b.test' }], address, { name: address }))
})
