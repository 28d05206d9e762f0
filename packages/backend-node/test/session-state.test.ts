import { Constructed, Integer, OctetString, Sequence } from 'asn1js'
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

test('session-state/lifetime-of-openssl', (t) => {
  t.is(new NodeSessionState(session(TLS_1_3, field(2, 7200), field(9, 300))).lifetime, 300_000)
  t.is(new NodeSessionState(session(TLS_1_3, field(2, 7200))).lifetime, 0, 'discard at once')
  t.is(new NodeSessionState(session(TLS_1_2, field(2, 7200))).lifetime, undefined, 'not said')
})

test('session-state/lifetime-of-boringssl', (t) => {
  const ticketAgeAdd = new Constructed({
    idBlock: { tagClass: 3, tagNumber: 21 },
    value: [new OctetString({ valueHex: new Uint8Array(4) })],
  })
  t.is(new NodeSessionState(session(TLS_1_3, field(2, 300), ticketAgeAdd)).lifetime, 300_000)
})

const TLS_1_2 = 0x0303
const TLS_1_3 = 0x0304

/** As `i2d_SSL_SESSION` writes it, without what nobody reads here. */
function session(version: number, ...fields: Constructed[]): Uint8Array {
  const start = [1, version].map((value) => new Integer({ value }))
  return new Uint8Array(new Sequence({ value: [...start, ...fields] }).toBER())
}

function field(tagNumber: number, value: number): Constructed {
  return new Constructed({
    idBlock: { tagClass: 3, tagNumber },
    value: [new Integer({ value })],
  })
}
