import { ManualClock } from '@tlsio/conformance'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { GnutlsCookies } from '#src/cookies.js'
import { openGnutls } from '#src/gnutls.js'

const gnutls = openGnutls()
const MINUTE = 60_000

/** A ClientHello of DTLS 1.2 with that cookie. */
function hello(cookie: Uint8Array): Uint8Array {
  const body = concat(
    Uint8Array.of(254, 253),
    new Uint8Array(32),
    Uint8Array.of(0, cookie.length),
    cookie,
    Uint8Array.of(0, 2, 0xc0, 0x2b, 1, 0),
  )
  const { length } = body
  const message = concat(Uint8Array.of(1, 0, 0, length, 0, 1, 0, 0, 0, 0, 0, length), body)
  const header = Uint8Array.of(22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 3, 0, message.length)
  return concat(header, message)
}

/** The cookie that it asks for. */
function cookieFor(cookies: GnutlsCookies, peer: string): Uint8Array {
  const verdict = cookies.check(hello(new Uint8Array(0)), peer)
  if (verdict.kind !== 'challenge') throw new Error(`It says ${verdict.kind}.`)
  // Record header, message header, version, length.
  return verdict.answer.subarray(13 + 12 + 3)
}

test('cookies/good-for-who-got-it', (t) => {
  const cookies = new GnutlsCookies(gnutls, new ManualClock())
  const cookie = cookieFor(cookies, 'a 1')
  t.deepEqual(cookies.check(hello(cookie), 'a 1'), {
    kind: 'verified',
    // Where record and message numbers of the client stand.
    state: Uint32Array.of(3, 1, 0),
  })
  t.is(cookies.check(hello(cookie), 'a 2').kind, 'challenge')
  t.is(new GnutlsCookies(gnutls, new ManualClock()).check(hello(cookie), 'a 1').kind, 'challenge')
})

test('cookies/good-for-five-to-ten-minutes', (t) => {
  const clock = new ManualClock()
  const cookies = new GnutlsCookies(gnutls, clock)
  const cookie = cookieFor(cookies, 'a 1')
  clock.advance(5 * MINUTE)
  t.is(cookies.check(hello(cookie), 'a 1').kind, 'verified')
  clock.advance(5 * MINUTE)
  t.is(cookies.check(hello(cookie), 'a 1').kind, 'challenge')
})

test('cookies/changed-anywhere', (t) => {
  const cookies = new GnutlsCookies(gnutls, new ManualClock())
  const cookie = cookieFor(cookies, 'a 1')
  for (let at = 0; at < cookie.length; at++) {
    const changed = cookie.slice()
    changed[at] = (changed[at] as number) ^ 1
    t.is(cookies.check(hello(changed), 'a 1').kind, 'challenge')
  }
  t.is(cookies.check(hello(cookie.subarray(1)), 'a 1').kind, 'challenge')
})

test('cookies/what-is-no-hello', (t) => {
  const cookies = new GnutlsCookies(gnutls, new ManualClock())
  const whole = hello(new Uint8Array(0))
  for (let length = 0; length < whole.length; length++) {
    t.is(cookies.check(whole.subarray(0, length), 'a 1').kind, 'ignored')
  }
})
