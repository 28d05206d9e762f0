import test from 'ava'
import { decodeSession, encodeSession, type ForgeSession } from '#src/session-state.js'
import { someBytes } from './support.js'

const session: ForgeSession = {
  id: someBytes(32),
  minor: 2,
  cipherSuite: 0x002f,
  masterSecret: someBytes(48),
  peerChain: [someBytes(700), someBytes(70_000)],
}

test('session-state/there-and-back', (t) => {
  t.deepEqual(decodeSession(encodeSession(session)), session)
  const bare = { ...session, minor: 1, peerChain: [] }
  t.deepEqual(decodeSession(encodeSession(bare)), bare)
})

test('session-state/cut-anywhere-is-none-or-lacks-certificates', (t) => {
  const whole = encodeSession({ ...session, peerChain: [someBytes(100)] })
  const bare = encodeSession({ ...session, peerChain: [] }).length
  for (let length = 0; length < whole.length; length++) {
    const cut = decodeSession(whole.subarray(0, length))
    t.is(cut === undefined, length !== bare, `at ${length}`)
  }
})

test('session-state/garbage-is-none', (t) => {
  for (const garbage of [
    [],
    [1],
    [2, 1, 0, 0x2f],
    [1, 9, 0, 0x2f, 0, 0],
    new Array(200).fill(255),
  ]) {
    t.is(decodeSession(Uint8Array.from(garbage)), undefined)
  }
})
