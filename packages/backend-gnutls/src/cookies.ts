import type { Clock, DtlsCookies, DtlsCookieVerdict } from '@tlsio/core'
import { concat, parseDatagramHello } from '@tlsio/core/wire'
import type { Callee } from './ffi/callbacks.js'
import { Code, Digest } from './ffi/constants.js'
import type { Gnutls } from './gnutls.js'

/**
 * Cookies by libgnutls, for all DTLS servers of a backend. Their key changes every five minutes, and the
 * one before is still good: who gathers cookies of others has not much of them (RFC 6347 §4.2.1).
 */
export class GnutlsCookies implements DtlsCookies {
  readonly #gnutls: Gnutls
  readonly #clock: Clock
  readonly #secret = crypto.getRandomValues(new Uint8Array(32))

  constructor(gnutls: Gnutls, clock: Clock) {
    this.#gnutls = gnutls
    this.#clock = clock
  }

  check(datagram: Uint8Array, peer: string): DtlsCookieVerdict {
    if (parseDatagramHello(datagram) === undefined) return { kind: 'ignored' }
    // Never empty: that would arrive as NULL.
    const name = new TextEncoder().encode(`peer ${peer}`)
    const now = Math.floor(this.#clock.monotonicNow() / LIFETIME)
    for (const period of [now, now - 1]) {
      const state = this.#verify(datagram, name, period)
      if (state !== undefined) return { kind: 'verified', state }
    }
    return { kind: 'challenge', answer: this.#challenge(name, now) }
  }

  /** Where the client's numbers stand, if the cookie is good: a `gnutls_dtls_prestate_st`. */
  #verify(datagram: Uint8Array, name: Uint8Array, period: number): Uint32Array | undefined {
    const { dtls_cookie_verify } = this.#gnutls.functions
    const state = new Uint32Array(3)
    const { length } = datagram
    const code = this.#gnutls.memory.withDatum(this.#keyOf(period), (key) =>
      dtls_cookie_verify(key, name, name.length, datagram, length, state),
    )
    return code === Code.SUCCESS ? state : undefined
  }

  #challenge(name: Uint8Array, period: number): Uint8Array {
    const { functions, callbacks, memory } = this.#gnutls
    const catcher = new Catcher(this.#gnutls)
    const state = new Uint32Array(3)
    const code = memory.withDatum(this.#keyOf(period), (key) =>
      callbacks.during(catcher, () =>
        functions.dtls_cookie_send(key, name, name.length, state, 0, callbacks.push),
      ),
    )
    this.#gnutls.require(code)
    return catcher.sent
  }

  #keyOf(period: number): Uint8Array {
    const text = concat(this.#secret, new TextEncoder().encode(String(period)))
    return this.#gnutls.digest(Digest.SHA256, 32, text)
  }
}

/** Gets what libgnutls sends without a session. */
class Catcher implements Callee {
  readonly #gnutls: Gnutls
  readonly hasIncoming = false
  sent: Uint8Array = new Uint8Array(0)

  constructor(gnutls: Gnutls) {
    this.#gnutls = gnutls
  }

  push(address: number | bigint, size: number): void {
    this.sent = this.#gnutls.memory.read(address, size)
  }

  pull(): undefined {}

  unpull(): void {}

  hook(): void {}

  keyLog(): void {}

  retrieve(): undefined {}

  pin(): undefined {}
}

/** Of a key, in milliseconds. */
const LIFETIME = 300_000
