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
})

test('server-identity/literals-are-addresses', (t) => {
  t.deepEqual(canonicalIdentity({ hostname: '127.0.0.1' }), {
    kind: 'ip',
    host: '127.0.0.1',
    port: undefined,
  })
  t.is(canonicalIdentity({ address: '2001:DB8:0:0::1' }).host, '2001:db8::1')
  t.is(canonicalIdentity({ hostname: '::ffff:127.0.0.1' }).kind, 'ip')
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
  '[::1]',
  'fe80::1%eth0',
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
