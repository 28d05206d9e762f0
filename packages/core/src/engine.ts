import type { FinishedMessages, HandshakeParameters, HandshakeResult } from './driver.js'

/**
 * The smallest door for a backend: an engine that is bytes in, bytes out, and knows nothing of
 * streams. Core's {@link EngineDriver} does all I/O for it: reading ahead, backpressure, the order
 * of what is sent, close and truncation, so that an engine cannot get them wrong.
 *
 * A step may be asynchronous: core waits for the promise where there is one, and for nothing where
 * there is none. Core promises: `start` is called once and first; never two `receive` at a time, nor
 * two of `write` and `closeNotify`, though a `receive` may run beside one of those if it returned a
 * promise; `write` and `closeNotify` only once `result` is there; nothing after `closeNotify` but
 * `receive`; nothing at all after `release`, which never comes while a step runs.
 *
 * A step that fails throws a {@link TlsError} by the backend's error table, after it has put the
 * alert for the peer, if there is one, where `takeCiphertext` finds it. Nothing is asked of the
 * engine afterwards but what it has still to give. `result` and `hasEnded` are read after each step,
 * also one that failed, and not after `release`.
 *
 * To write one, see `docs/writing-a-backend.md`.
 */
export interface TlsEngine<P extends HandshakeParameters = HandshakeParameters> {
  /** Begins the handshake: a client has its ClientHello ready afterwards. */
  start(parameters: P): void | Promise<void>
  /**
   * Takes what came from the peer, however it is cut, and goes as far as that leads: the rest of a
   * record or message is kept. The bytes are the engine's own from now on.
   */
  receive(ciphertext: Uint8Array): void | Promise<void>
  /** Encrypts all of `plaintext`: 1 to 65,536 bytes, which it neither keeps nor changes. */
  write(plaintext: Uint8Array): void | Promise<void>
  /** Makes the `close_notify` alert (RFC 8446 §6.1). */
  closeNotify(): void | Promise<void>
  /** What is to be sent next, `undefined` if nothing is. Core may keep it. */
  takeCiphertext(): Uint8Array | undefined
  /**
   * Takes back a large chunk of ciphertext that has left, where the stream can tell: its memory may be
   * written to again. For engines that make one for each `write`, which costs as much as a fifth of it.
   */
  takeBack?(ciphertext: Uint8Array): void
  /** What the peer sent, decrypted, `undefined` if there is no more. The reader may keep it. */
  takePlaintext(): Uint8Array | undefined
  /** What was negotiated; `undefined` until the handshake is complete. */
  readonly result: HandshakeResult | undefined
  /** Whether the peer's `close_notify` has arrived: what follows it is nobody's concern. */
  readonly hasEnded: boolean
  /**
   * Exported keying material, as in {@link TlsDriver.exportKeyingMaterial}; if the backend claims
   * it.
   */
  exportKeyingMaterial?(label: string, length: number, context: Uint8Array | undefined): Uint8Array
  /**
   * The Finished messages, as in {@link TlsDriver.finishedMessages}; if the backend claims
   * `tls-unique`.
   */
  finishedMessages?(): FinishedMessages
  /** Lets go of memory that is not collected by itself. Called once, and last. */
  release?(): void
}
