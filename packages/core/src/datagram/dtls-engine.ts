import type { Clock } from '../clock.js'
import type { HandshakeParameters } from '../driver.js'
import type { TlsEngine } from '../engine.js'

/** What a {@link DtlsEngine} is made with. */
export interface DtlsEngineSettings {
  /** Most bytes of a datagram to send: handshake messages are cut to it (RFC 6347 §4.1.1). */
  readonly maxDatagramSize: number
  /**
   * How long to wait for an answer before a flight is sent again, at first; it doubles each time (RFC
   * 6347 §4.2.4.1). Milliseconds.
   */
  readonly retransmissionTimeout: number
  /** Time as core tells it; an engine may have its own. */
  readonly clock: Clock
}

/** What a server's engine is made with. */
export interface DtlsServerEngineSettings extends DtlsEngineSettings {
  /**
   * What the backend's {@link DtlsCookies} said of the ClientHello that the engine receives first;
   * `undefined` if it has none.
   */
  readonly cookieState: unknown
}

/**
 * An engine of DTLS: a {@link TlsEngine} whose chunks are datagrams and messages. One `receive` is one
 * datagram as it came, and it may come twice, late, out of order or from somebody else: what cannot be
 * verified is dropped without a word (RFC 6347 §4.1.2.7). One `takeCiphertext` is one datagram, one
 * `write` and one `takePlaintext` are one message, which is one record.
 *
 * Core's {@link DatagramEngineDriver} does the I/O and watches the time. What core promises to engines
 * holds; `tick` counts as a `receive`. How long a handshake may take is core's to say. After the handshake the engine answers a peer that repeats its
 * last flight with ours (RFC 6347 §4.2.4).
 */
export interface DtlsEngine<P extends HandshakeParameters = HandshakeParameters>
  extends TlsEngine<P> {
  /**
   * Milliseconds from now until `tick` is due, because a flight may have to be sent again; `undefined`
   * if nothing is. Read after each step, so what strangers send must not put it off.
   */
  readonly timeout: number | undefined
  /** The time has come, or nearly: sends the last flight once more if it is due. */
  tick(): void | Promise<void>
  /** Most bytes that one `write` takes; any number before the handshake is complete. */
  readonly maxMessageSize: number
  /**
   * Makes a fatal alert, by its number in RFC 5246 §7.2: core refuses the peer, and there is no end of a
   * stream that would tell it. Called at most once, after the handshake, while no step runs; nothing but
   * `takeCiphertext` and `release` comes after it. An engine that leaves it out tells nobody.
   */
  alert?(description: number): void
}
