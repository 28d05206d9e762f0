import test from 'ava'
import { canonicalIdentity, serverNameFor } from '#src/server-identity.js'

test('server-identity/names-have-one-spelling', (t) => {
  for (const hostname of ['Ftp.Example.ORG', 'ftp.example.org.', 'FTP.EXAMPLE.ORG.']) {
    t.deepEqual(canonicalIdentity({ hostname, port: 990 }), {
      kind: 'name',
      host: 'ftp.example.org',
      port: 990,
    })
  }
  t.is(canonicalIdentity({ hostname: 'bücher.example' }).host, 'xn--bcher-kva.example')
  t.is(canonicalIdentity({ hostname: 'BÜCHER。example' }).host, 'xn--bcher-kva.example')
  t.is(canonicalIdentity({ hostname: '_sip.a_b.test' }).host, '_sip.a_b.test')
})

test('server-identity/the-same-however-many-there-are', (t) => {
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 200; number++) {
      t.is(canonicalIdentity({ hostname: `A${number}.test.` }).host, `a${number}.test`)
      t.throws(() => canonicalIdentity({ hostname: `a${number}.test/x` }), {
        instanceOf: TypeError,
      })
    }
  }
})

test('server-identity/literals-are-addresses', (t) => {
  t.deepEqual(canonicalIdentity({ hostname: '127.0.0.1' }), {
    kind: 'ip',
    host: '127.0.0.1',
    port: undefined,
  })
  t.is(canonicalIdentity({ address: '2001:DB8:0:0::1' }).host, '2001:db8::1')
  // RFC 9525 §6.4: what is compared are the bytes, and these are sixteen.
  t.is(canonicalIdentity({ hostname: '::ffff:127.0.0.1' }).host, '::ffff:7f00:1')
  t.is(canonicalIdentity({ hostname: '0.0.0.0' }).host, '0.0.0.0')
})

test('server-identity/no-server-name-for-addresses', (t) => {
  t.is(serverNameFor(canonicalIdentity({ hostname: 'a.test' })), 'a.test')
  t.is(serverNameFor(canonicalIdentity({ hostname: '::1' })), undefined)
  t.is(serverNameFor(null), undefined)
})

for (const hostname of [
  '',
  ' ',
  'a b',
  'a/b',
  'a.test:80',
  'user@a.test',
  '127.1',
  '0x7f000001',
  '1.2.3.256',
  '1.2.3.4.',
  '1.2.3.4。',
  // An octal number to some (RFC 6943 §3.1.1), so it would be judged as one host and reached as another.
  '010.0.0.1',
  '1.2.3.04',
  'a.1',
  'a.0x1',
  '[::1]',
  'fe80::1%eth0',
  'fe80::1%25eth0',
  '1:2:3:4:5:6:7',
  '::1.2.3.04',
  '.',
  'a..test',
  '.a.test',
  'a.test..',
  '*',
  '*.a.test',
  // A full-width asterisk, which UTS #46 turns into an ASCII one.
  '＊.a.test',
  'a.test\0',
  'a.test\0.b.test',
  'a.te\tst',
  'a.test\n',
  'a"b.test',
  "a'b.test",
  'a,b.test',
  'a!b.test',
  `${'c'.repeat(64)}.test`,
  `${'b'.repeat(63)}\u00FC.test`,
  `${'a'.repeat(250)}.test`,
]) {
  test(`server-identity/refused/${JSON.stringify(hostname.slice(0, 20))}`, (t) => {
    t.throws(() => canonicalIdentity({ hostname }), { instanceOf: TypeError })
  })
}

test('server-identity/refused/address-that-is-a-name', (t) => {
  t.throws(() => canonicalIdentity({ address: 'a.test' }), { instanceOf: TypeError })
})

test('server-identity/refused/port', (t) => {
  t.throws(() => canonicalIdentity({ hostname: 'a.test', port: 65_536 }), { message: /65536/ })
})
