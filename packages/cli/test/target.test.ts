import test from 'ava'
import { parseTarget, type TargetKind } from '#src/cert/target.js'

const host = (name: string, port: number) => ({ kind: 'peer', host: name, port }) as const
const file = (path: string) => ({ kind: 'file', path }) as const
const exists = (path: string) => path === 'server.pem' || path === 'localhost:443'

const understood: readonly [word: string, kind: TargetKind, target: object][] = [
  ['example.org', undefined, host('example.org', 443)],
  ['example.org:8443', undefined, host('example.org', 8443)],
  ['192.0.2.1:1', undefined, host('192.0.2.1', 1)],
  ['[::1]:65535', undefined, host('::1', 65535)],
  ['[::1]', undefined, host('::1', 443)],
  ['::1', undefined, host('::1', 443)],
  ['2001:db8::1', undefined, host('2001:db8::1', 443)],
  ['[fe80::1%eth0]:993', undefined, host('fe80::1%eth0', 993)],
  ['server.pem', undefined, file('server.pem')],
  ['server.pem', 'peer', host('server.pem', 443)],
  ['localhost:443', undefined, file('localhost:443')],
  ['localhost:443', 'peer', host('localhost', 443)],
  ['other.pem', undefined, host('other.pem', 443)],
  ['other.pem', 'file', file('other.pem')],
  ['./other.pem', undefined, file('./other.pem')],
  ['a\\other.pem', undefined, file('a\\other.pem')],
  ['-', undefined, file('-')],
]
for (const [word, kind, target] of understood) {
  test(`target/${kind ?? 'any'}/${word}`, (t) => {
    t.deepEqual(parseTarget(word, kind, exists), target)
  })
}

const refused: readonly [word: string, message: RegExp][] = [
  ['', /"" is neither a file nor HOST/],
  ['host:', /"host:" is neither/],
  [':443', /":443" is neither/],
  ['host:0', /The port of "host:0" is not between 1 and 65535/],
  ['host:65536', /The port of "host:65536"/],
  ['host:-1', /"host:-1" is neither/],
  ['host:https', /"host:https" is neither/],
  ['a:b:c', /"a:b:c" is neither/],
  ['[::1', /is neither/],
  ['[host]:443', /is neither/],
  ['[::1]443', /is neither/],
]
for (const [word, message] of refused) {
  test(`target/refused/${word}`, (t) => {
    t.throws(() => parseTarget(word, undefined, exists), { message })
  })
}
