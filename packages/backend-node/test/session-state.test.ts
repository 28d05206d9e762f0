import test from 'ava'
import { NodeSessionState } from '#src/session-state.js'

/** As Node 22.23 and later wrap a session; 0x30 is how OpenSSL's own bytes begin. */
function wrapped(name: string, session: Uint8Array): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(Buffer.byteLength(name))
  return Buffer.concat([
    Buffer.from('\0nodejs:tls:session:1\0'),
    length,
    Buffer.from(name),
    session,
  ])
}

const bare = Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01])

test('session-state/header-is-taken-off', (t) => {
  t.deepEqual(Buffer.from(new NodeSessionState(wrapped('a.test', bare)).data), bare)
  t.deepEqual(Buffer.from(new NodeSessionState(wrapped('', bare)).data), bare)
})

test('session-state/bare-one-stays', (t) => {
  t.is(new NodeSessionState(bare).data, bare)
})

test('session-state/unknown-forms-stay-too', (t) => {
  const whole = wrapped('a.test', bare)
  for (let cut = 0; cut < whole.length - bare.length; cut++) {
    const part = whole.subarray(0, cut)
    t.is(new NodeSessionState(part).data, part)
  }
  const other = wrapped('a.test', Buffer.from('not a session'))
  t.is(new NodeSessionState(other).data, other)
})

test('session-state/no-lifetime-in-garbage', (t) => {
  t.is(new NodeSessionState(Buffer.from('garbage')).lifetime, undefined)
  t.is(new NodeSessionState(bare).lifetime, undefined)
})
