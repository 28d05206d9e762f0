import type { GnutlsLibrary } from './load-library.js'
import type { Memory } from './memory.js'
import type { Address, CallbackName } from './symbols.js'

/** A session, as far as libgnutls calls it back. What throws here is thrown by the call around it. */
export interface Callee {
  /** Bytes to send, at an address in C. */
  push(address: Address, size: number): void
  /** The next bytes of the peer, at most `size`; `undefined` if there are none now. */
  pull(size: number): Uint8Array | undefined
  /** Takes back what was pulled last and not used. */
  unpull(bytes: Uint8Array): void
  /** Whether there is something to pull. */
  readonly hasIncoming: boolean
  /** A handshake message is to be processed, or was. */
  hook(type: number, isDone: boolean, isIncoming: boolean, message: Address): void
  /** A secret, for the key log. */
  keyLog(label: string, secret: Uint8Array): void
  /** What to show the peer as our certificate; `undefined` for none. */
  retrieve(): ShownIdentity | undefined
  /** The PIN of a token, without a zero in it, which would end it; `undefined` if there is none. */
  pin(asked: AskedPin): Uint8Array | undefined
}

/** What libgnutls says of the PIN it wants. */
export interface AskedPin {
  /** PKCS #11 URI of the token. */
  readonly token: string
  /** Label of the token. */
  readonly label: string
  /** Bits of `gnutls_pin_flag_t`. */
  readonly flags: number
  /** Most bytes of a PIN. */
  readonly most: number
}

/** Certificates and key as libgnutls takes them; they outlive the session. */
export interface ShownIdentity {
  /** Address of the `gnutls_pcert_st`s. */
  readonly certificates: bigint
  readonly certificateCount: number
  /** The `gnutls_privkey_t`. */
  readonly privateKey: Address
}

/**
 * The callbacks for libgnutls: one set for all sessions. A call is synchronous, so that the session
 * called back is the one whose call is running; nothing else holds on to it.
 *
 * No exception leaves a callback: out of push or pull it would never come back from C. It is kept, the
 * callback fails, and {@link Callbacks.during} throws it again.
 */
export class Callbacks {
  readonly push: bigint
  readonly pull: bigint
  readonly pullTimeout: bigint
  readonly hook: bigint
  readonly keyLog: bigint
  readonly retrieve: bigint
  readonly pin: bigint
  readonly #library: GnutlsLibrary
  readonly #fail: (session: Address) => void
  #running: Running | undefined

  /** Registers the set. */
  constructor(library: GnutlsLibrary, memory: Memory) {
    this.#library = library
    const { transport_set_errno } = library.functions
    const { EAGAIN = 11, EIO = 5 } = library.koffi.os.errno

    this.push = this.#guarded('Push', -1, (callee, _, address: Address, size: number) => {
      callee.push(address, size)
      return size
    })
    this.pull = this.#guarded('Pull', -1, (callee, session, address: Address, size: number) => {
      const bytes = callee.pull(size)
      if (bytes === undefined) {
        transport_set_errno(session, EAGAIN)
        return -1
      }
      memory.write(address, bytes)
      return bytes.length
    })
    // libgnutls waits for nothing: it is told at once whether there is something.
    this.pullTimeout = this.#guarded('PullTimeout', -1, (callee) => (callee.hasIncoming ? 1 : 0))
    this.hook = this.#guarded('Hook', -1, (callee, _, ...told: HookArguments) => {
      const [type, when, incoming, message] = told
      callee.hook(type, when !== 0, incoming !== 0, message)
      return 0
    })
    this.keyLog = this.#guarded('KeyLog', -1, (callee, _, label: string, secret: Address) => {
      callee.keyLog(label, memory.readDatum(secret))
      return 0
    })
    this.retrieve = this.#guarded('Retrieve', -1, (callee, _, ...told: RetrieveArguments) => {
      const [, , , , certificates, count, key] = told
      const shown = callee.retrieve()
      memory.write(count, Uint32Array.of(shown?.certificateCount ?? 0))
      if (shown === undefined) return 0
      memory.write(certificates, BigUint64Array.of(shown.certificates))
      memory.write(key, BigUint64Array.of(BigInt(shown.privateKey)))
      return 0
    })
    this.pin = this.#guarded('Pin', -1, (callee, _, ...told: PinArguments) => {
      const [, token, label, flags, address, size] = told
      const most = size - 1
      const pin = callee.pin({ token: token ?? '', label: label ?? '', flags, most })
      if (pin === undefined || pin.length > most) return -1
      const text = Uint8Array.of(...pin, 0)
      memory.write(address, text)
      text.fill(0)
      return 0
    })
    this.#fail = (session) => {
      // A cookie is sent, and a token asks, without a session.
      if (session !== 0) transport_set_errno(session, EIO)
    }
  }

  /**
   * Runs calls of libgnutls that may call `callee` back.
   *
   * @throws what was thrown in a callback.
   */
  during<T>(callee: Callee, call: () => T): T {
    const outer = this.#running
    const running: Running = { callee, failure: undefined }
    this.#running = running
    let result: T
    try {
      result = call()
    } finally {
      this.#running = outer
    }
    if (running.failure !== undefined) throw running.failure.error
    return result
  }

  /** The only way to register a callback. */
  #guarded<Arguments extends readonly unknown[]>(
    name: CallbackName,
    failed: number,
    run: (callee: Callee, session: Address, ...told: Arguments) => number,
  ): bigint {
    const { koffi, callbackTypes } = this.#library
    const guarded = (session: Address, ...told: Arguments): number => {
      const running = this.#running
      if (running === undefined) return failed
      try {
        return run(running.callee, session, ...told)
      } catch (error) {
        running.failure ??= { error }
        this.#fail(session)
        return failed
      }
    }
    return koffi.register(guarded, callbackTypes[name])
  }
}

type HookArguments = [type: number, when: number, incoming: number, message: Address]

type PinArguments = [
  attempt: number,
  token: string | null,
  label: string | null,
  flags: number,
  pin: Address,
  size: number,
]

type RetrieveArguments = [
  names: Address,
  nameCount: number,
  algorithms: Address,
  algorithmCount: number,
  certificates: Address,
  certificateCount: Address,
  key: Address,
]

interface Running {
  readonly callee: Callee
  failure: { readonly error: unknown } | undefined
}
