import { abortable } from './base/abortable.js'
import { TlsError } from './errors.js'
import type { TlsInteractionResult } from './interaction.js'
import { TlsPassword } from './password.js'
import { TlsPasswordFlags } from './password-flags.js'
import { splitPin } from './pkcs11-uri.js'
import { sha256 } from './sha256.js'

/** What a token says of the PIN that it wants. */
export interface PinRequest {
  /** Tells the token from all others: its PKCS #11 URI, without a PIN. */
  readonly token: string
  /** Its label, for people. */
  readonly label: string
  /**
   * Bits of {@link TlsPasswordFlags}: the kind of PIN; `RETRY` if the one just given was wrong, and
   * whether there are few tries left.
   */
  readonly flags: number
}

/** What came of opening something in a token: that, or the PIN that it wants first. */
export type TokenOutcome<T> =
  | {
      /** What was opened. */
      readonly opened: T
    }
  | {
      /** What has to be asked for. */
      readonly wants: PinRequest
    }

/** A PIN, and the token that it was asked for: no other may get it. */
export interface GivenPin {
  /** As {@link PinRequest.token}. */
  readonly token: string
  /** Its bytes, which are erased after use. */
  readonly value: Uint8Array
}

/** Opens something in a token, by a URI without a PIN. It must not keep the PIN, and must try it once. */
type Opening<T> = (
  uri: string,
  pin: GivenPin | undefined,
) => TokenOutcome<T> | Promise<TokenOutcome<T>>

/**
 * Opens something in a token: first without a PIN, then, if it wants one, with the one in the URI, and
 * with one after the other that the application gives. Each is erased afterwards.
 *
 * @param uri - PKCS #11 URI (RFC 7512), perhaps with a PIN in it.
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE_PASSWORD` if nobody gave a PIN, or none was right.
 * @throws what `open` or the interaction reject with.
 */
export type OpenToken = <T>(uri: string, open: Opening<T>) => Promise<T>

/** Who is asked for PINs, and for how long. */
export interface PinSource {
  /** As {@link askPassword}. */
  ask(password: TlsPassword): Promise<TlsInteractionResult>
  /** Ends the asking, and the wait for one's turn; nothing is opened afterwards. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The PINs of tokens. A token that gets a few wrong ones locks itself, and an application may give the
 * same one whenever it is asked. So each answer is tried once, one that a token has refused is not shown
 * to it again, and a token is asked about by one at a time: the others find it open.
 */
export class TokenPins {
  /** The last one whose turn it is with a token. */
  readonly #turns = new Map<string, Promise<void>>()
  /** Hashes of what a token has refused. */
  readonly #refused = new Map<string, Set<string>>()
  /** Made when it is needed first: workerd gives out no randomness while modules are loaded. */
  #salt: Uint8Array | undefined

  /** As {@link OpenToken}, with who is asked. */
  async open<T>(uri: string, open: Opening<T>, source: PinSource): Promise<T> {
    const location = splitPin(uri).uri
    const openWith = (given: GivenPin | undefined) => {
      source.signal?.throwIfAborted()
      return open(location, given)
    }
    const outcome = await openWith(undefined)
    if ('opened' in outcome) return outcome.opened
    const { token } = outcome.wants
    return this.#inTurn(token, source.signal, () => this.#unlock(uri, openWith, source))
  }

  async #unlock<T>(uri: string, open: OpenWith<T>, { ask }: PinSource): Promise<T> {
    // Whoever had the turn before may have opened it.
    let outcome = await open(undefined)
    const { pin: known } = splitPin(uri)
    if ('wants' in outcome && known !== undefined) {
      outcome = await this.#try(known, outcome.wants, open).finally(() => known.fill(0))
    }
    for (let attempt = 1; 'wants' in outcome; attempt++) {
      const { wants } = outcome
      if (attempt > MOST_ATTEMPTS) throw wrong(wants)
      const flags = wants.flags | (attempt === MOST_ATTEMPTS ? TlsPasswordFlags.FINAL_TRY : 0)
      const description = `the token ${JSON.stringify(wants.label)}`
      const password = new TlsPassword({ flags, description })
      try {
        const result = await ask(password)
        const pin = password.value
        if (result === 'unhandled' || pin === null) {
          throw isWrong(wants) ? wrong(wants) : missing(wants)
        }
        outcome = await this.#try(pin, wants, open)
      } finally {
        password.clear()
      }
    }
    return outcome.opened
  }

  async #try<T>(value: Uint8Array, wants: PinRequest, open: OpenWith<T>): Promise<TokenOutcome<T>> {
    const { token, flags } = wants
    const hash = await this.#hash(value)
    const refused = this.#refused.get(token)
    if (refused?.has(hash)) return { wants: { ...wants, flags: flags | TlsPasswordFlags.RETRY } }
    const outcome = await open({ token, value })
    if ('opened' in outcome) this.#refused.delete(token)
    else if (isWrong(outcome.wants) && outcome.wants.token === token) {
      this.#refused.set(token, new Set(refused).add(hash))
    }
    return outcome
  }

  /** Who gives up while waiting lets nobody pass. Who has the turn is given all that comes of it. */
  async #inTurn<T>(
    token: string,
    signal: AbortSignal | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    const before = this.#turns.get(token) ?? Promise.resolve()
    let end = nothing
    const done = new Promise<void>((resolve) => {
      end = resolve
    })
    const over = before.then(() => done)
    this.#turns.set(token, over)
    void over.then(() => {
      if (this.#turns.get(token) === over) this.#turns.delete(token)
    })
    try {
      await abortable(before, signal)
      return await run()
    } finally {
      end()
    }
  }

  async #hash(pin: Uint8Array): Promise<string> {
    this.#salt ??= crypto.getRandomValues(new Uint8Array(16))
    const salt = this.#salt
    const salted = new Uint8Array(salt.length + pin.length)
    salted.set(salt)
    salted.set(pin, salt.length)
    try {
      return await sha256(salted)
    } finally {
      salted.fill(0)
    }
  }
}

type OpenWith<T> = (pin: GivenPin | undefined) => ReturnType<Opening<T>>

function isWrong({ flags }: PinRequest): boolean {
  return (flags & TlsPasswordFlags.RETRY) !== 0
}

function wrong({ label }: PinRequest): TlsError {
  return new TlsError(
    'TLS_BAD_CERTIFICATE_PASSWORD',
    `The PIN for the token ${JSON.stringify(label)} is wrong.`,
  )
}

function missing({ label }: PinRequest): TlsError {
  return new TlsError(
    'TLS_BAD_CERTIFICATE_PASSWORD',
    `A PIN is needed for the token ${JSON.stringify(label)}, and nobody gave one.`,
  )
}

function nothing(): void {}

/** Those of this thread: its backends, and all that they open, may have to do with the same tokens. */
export const tokenPins: TokenPins = new TokenPins()

/** What most programs allow, and no more than most tokens. */
const MOST_ATTEMPTS = 3
