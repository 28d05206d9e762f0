import type { BackendContext, BackendRegistration, TlsBackend, TlsCapabilities } from '@tlsio/core'
import { TlsError } from '@tlsio/core'
import {
  describeReports,
  noCapabilities,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'

/**
 * The engine of last resort: every operation is refused with `TLS_UNAVAILABLE`, and the message
 * says which backends were tried and why each was refused. Closing works, and copied state is
 * ignored.
 *
 * @see GIO's dummy backend
 */
class NullTlsBackend extends TlsBackendBase {
  readonly name = 'null'
  readonly supports: TlsCapabilities = noCapabilities
  readonly #context: Partial<BackendContext>

  constructor(context: Partial<BackendContext>) {
    super(context)
    this.#context = context
  }

  protected createClientDriver(): TlsDriver {
    return this.#refusingDriver()
  }

  protected createServerDriver(): TlsDriver {
    return this.#refusingDriver()
  }

  #refusingDriver(): TlsDriver {
    const refuse = async (): Promise<never> => {
      const tried = describeReports(this.#context.explain?.() ?? [])
      throw new TlsError(
        'TLS_UNAVAILABLE',
        `TLS is not available: the null backend is in use. ${tried}`,
      )
    }
    const nothing = async (): Promise<void> => {}
    return {
      hasEnded: false,
      handshake: refuse,
      read: refuse,
      write: refuse,
      closeRead() {},
      closeWrite: nothing,
      close: nothing,
      abort() {},
    }
  }
}

/**
 * Makes the null backend, alone (its message then knows of no others) or as {@link nullBackend}
 * does.
 */
export function createNullBackend(context: Partial<BackendContext> = {}): TlsBackend {
  return new NullTlsBackend(context)
}

/** The registration of the null backend: name `null`, priority -100, so behind all others. */
export const nullBackend: BackendRegistration = Object.freeze({
  name: 'null',
  priority: -100,
  supports: noCapabilities,
  create: (context: BackendContext) => createNullBackend(context),
})
