import { TlsPasswordFlags } from '@tlsio/core'
import type { GivenPin, PinRequest } from '@tlsio/core/backend'
import type { AskedPin, Callee } from './ffi/callbacks.js'
import { PinFlag } from './ffi/constants.js'

/**
 * The PIN for one call of libgnutls, which asks for it while it is called, and asks again if it is wrong.
 * It gets it once, for the token that it was given for; what else is asked is kept for afterwards.
 */
export class PinForCall implements Callee {
  readonly hasIncoming = false
  #pin: GivenPin | undefined
  #wants: PinRequest | undefined
  #answered: PinRequest | undefined

  constructor(pin: GivenPin | undefined) {
    this.#pin = pin
  }

  /** The first question that had no answer. */
  get wants(): PinRequest | undefined {
    return this.#wants
  }

  /** The question that the PIN was given for: if the call failed, it may be wrong without being asked again. */
  get answered(): PinRequest | undefined {
    return this.#answered
  }

  pin(asked: AskedPin): Uint8Array | undefined {
    const pin = this.#pin
    if (pin?.token !== asked.token) {
      this.#wants ??= requestOf(asked)
      return undefined
    }
    this.#pin = undefined
    const { value } = pin
    const request = requestOf(asked)
    if (value.length <= asked.most && !value.includes(0)) {
      this.#answered = request
      return value
    }
    // No token can have it: it is wrong without being tried.
    this.#wants ??= { ...request, flags: request.flags | TlsPasswordFlags.RETRY }
    return undefined
  }

  push(): void {}

  pull(): undefined {}

  unpull(): void {}

  hook(): void {}

  keyLog(): void {}

  retrieve(): undefined {}
}

function requestOf({ token, label, flags }: AskedPin): PinRequest {
  const set = meanings.filter(([bit]) => (flags & bit) !== 0)
  return { token, label, flags: set.reduce((sum, [, flag]) => sum | flag, 0) }
}

const meanings: readonly (readonly [bit: number, flag: number])[] = [
  [PinFlag.USER, TlsPasswordFlags.PKCS11_USER],
  [PinFlag.SO, TlsPasswordFlags.PKCS11_SECURITY_OFFICER],
  [PinFlag.CONTEXT_SPECIFIC, TlsPasswordFlags.PKCS11_CONTEXT_SPECIFIC],
  [PinFlag.WRONG, TlsPasswordFlags.RETRY],
  [PinFlag.COUNT_LOW, TlsPasswordFlags.MANY_TRIES],
  [PinFlag.FINAL_TRY, TlsPasswordFlags.FINAL_TRY],
]
