import type { Credentials } from './credentials.js'
import { DataSealer } from './data-sealer.js'
import type { Callee } from './ffi/callbacks.js'
import { CREDENTIALS_CERTIFICATE, Init, Version } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { ThreadSockets } from './ffi/thread-sockets.js'
import type { Gnutls } from './gnutls.js'

/** The versions we speak, as libgnutls numbers them. */
const versions = new Map<number, SessionVersion>([
  [Version.TLS1_2, 'TLSv1.2'],
  [Version.TLS1_3, 'TLSv1.3'],
  [Version.DTLS1_2, 'DTLSv1.2'],
])

/** A version that a {@link GnutlsSession} can have. */
export type SessionVersion = 'TLSv1.2' | 'TLSv1.3' | 'DTLSv1.2'

/** A `gnutls_session_t`: what is done with it in either role, over streams and datagrams alike. */
export class GnutlsSession {
  readonly gnutls: Gnutls
  readonly handle: Address
  /** Held on to here: libgnutls keeps only the address. */
  credentials: Credentials | undefined
  readonly #callee: Callee
  readonly #sockets: ThreadSockets | undefined
  readonly #deinit: () => void
  #sealer: DataSealer | undefined

  /**
   * Makes one.
   *
   * @param flags - for `gnutls_init`.
   * @param callee - who is called back.
   */
  constructor(gnutls: Gnutls, flags: number, callee: Callee) {
    this.gnutls = gnutls
    this.#callee = callee
    const over = (flags & Init.DATAGRAM) === 0 ? 'stream' : 'datagrams'
    this.#sockets = gnutls.threadSockets(over)
    this.handle = gnutls.handle((made) => gnutls.functions.init(made, flags))
    this.#deinit = gnutls.ledger.own(this, 'session', deinit(gnutls, this.handle))
    this.#connect()
  }

  /** Frees it; it may be called more than once. */
  free(): void {
    this.#sealer?.close()
    this.#sealer = undefined
    this.#deinit()
    this.credentials = undefined
  }

  /**
   * Who encrypts data in libgnutls's place, if somebody does: it is over with the next {@link call}, and
   * without one libgnutls can send nothing.
   */
  get sealer(): DataSealer | undefined {
    return this.#sealer
  }

  /** From now on somebody does. libgnutls has sent data just now, so that it has nothing else to send. */
  startSealing(): void {
    this.#sealer = new DataSealer(this.gnutls, this.handle)
  }

  /** Runs what may call back. */
  call<T>(run: () => T): T {
    if (this.#sealer !== undefined) this.#stopSealing(this.#sealer)
    const { callbacks } = this.gnutls
    const callee = this.#callee
    if (this.#sockets === undefined) return callbacks.during(callee, run)
    return this.#sockets.lend(callee, () => callbacks.during(callee, run))
  }

  /** What a call returned, unless it failed. @throws {@link GnutlsError} */
  check(code: number): number {
    return this.gnutls.require(code)
  }

  /** Sets whom to trust. */
  useCredentials(credentials: Credentials): void {
    const { credentials_set } = this.gnutls.functions
    this.check(credentials_set(this.handle, CREDENTIALS_CERTIFICATE, credentials.handle))
    this.credentials = credentials
  }

  /** The version agreed; before that, the newest that is offered. */
  get version(): SessionVersion {
    const number = this.gnutls.functions.protocol_get_version(this.handle)
    return versions.get(number) ?? 'TLSv1.2'
  }

  /** DER of what the peer showed, in this handshake or in that of the session that it resumes. */
  get peerChain(): readonly Uint8Array[] {
    const { functions, memory } = this.gnutls
    const count = new Uint32Array(1)
    const address = functions.certificate_get_peers(this.handle, count)
    return BigInt(address) === 0n ? [] : memory.readDatums(address, count[0] as number)
  }

  get isResumed(): boolean {
    return this.gnutls.functions.session_is_resumed(this.handle) !== 0
  }

  /** With the name that IANA gives it. */
  get cipherSuite(): string {
    return String(this.gnutls.functions.ciphersuite_get(this.handle))
  }

  /** What ALPN has agreed on. */
  get negotiatedProtocol(): string | null {
    const { functions, memory } = this.gnutls
    const name = memory.borrowed((made) => functions.alpn_get_selected_protocol(this.handle, made))
    return name === undefined ? null : new TextDecoder().decode(name)
  }

  get clientRandom(): Uint8Array {
    return this.#borrow((made) =>
      this.gnutls.functions.session_get_random(this.handle, made, new BigUint64Array(2)),
    )
  }

  /** Of versions before TLS 1.3. */
  get masterSecret(): Uint8Array {
    return this.#borrow((made) =>
      this.gnutls.functions.session_get_master_secret(this.handle, made),
    )
  }

  /** Tells the peer. If that fails, it is not told. */
  sendAlert(level: number, description: number): number {
    const { alert_send } = this.gnutls.functions
    return this.call(() => alert_send(this.handle, level, description))
  }

  #stopSealing(sealer: DataSealer): void {
    sealer.giveBack()
    this.#sealer = undefined
  }

  /** Says where bytes come from and go to. */
  #connect(): void {
    const { functions, callbacks } = this.gnutls
    const { handle } = this
    functions.transport_set_push_function(handle, callbacks.push)
    // By itself it reads from a socket.
    functions.transport_set_ptr2(handle, this.#sockets?.descriptor ?? handle, handle)
    if (this.#sockets !== undefined) return
    functions.transport_set_pull_function(handle, callbacks.pull)
    functions.transport_set_pull_timeout_function(handle, callbacks.pullTimeout)
  }

  #borrow(read: (made: BigUint64Array) => void): Uint8Array {
    return this.gnutls.memory.borrowed((made) => {
      read(made)
      return 0
    }) as Uint8Array
  }
}

/** In a function of its own, so that it holds on to nothing else. */
function deinit({ functions }: Gnutls, handle: Address): () => void {
  return () => functions.deinit(handle)
}
