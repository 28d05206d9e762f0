import type { CreateBackend } from '@tlsio/conformance'
import { IoError, type IoErrorCode, TlsError, type TlsErrorCode } from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  HandshakeParameters,
  HandshakeResult,
  ServerHandshakeParameters,
  TlsDriver,
} from '@tlsio/core/backend'
import { Passing, withClientDriver, withServerDriver } from './drivers.js'

/** What is told in place of an error; the same one, if it is not concerned. */
export type Retell = (error: unknown, asked: HandshakeParameters) => unknown

/** Good, but a client's engine tells errors of its handshake as others. */
export function withClientHandshakeErrors(retell: Retell): CreateBackend {
  return withClientDriver(
    (make, stream, events) =>
      new Retelling<ClientHandshakeParameters>(make(stream, events), retell),
  )
}

/** Good, but a server's engine tells errors of its handshake as others. */
export function withServerHandshakeErrors(retell: Retell): CreateBackend {
  return withServerDriver(
    (make, stream) => new Retelling<ServerHandshakeParameters>(make(stream), retell),
  )
}

/** Good, but a client reads `null`, the end, or another error, where it should read an error. */
export function withClientReadErrors(retell: (error: unknown) => unknown): CreateBackend {
  return withClientDriver((make, stream, events) => {
    return new (class extends Passing<ClientHandshakeParameters> {
      override async read(): Promise<Uint8Array | null> {
        try {
          return await super.read()
        } catch (error) {
          const told = retell(error)
          if (told === null) return null
          throw told
        }
      }
    })(make(stream, events))
  })
}

/** Whether it is an error of TLS with this code. */
export function isTls(error: unknown, code: TlsErrorCode): error is TlsError {
  return error instanceof TlsError && error.code === code
}

/** Whether it is an error of a stream with this code. */
export function isIo(error: unknown, code: IoErrorCode): error is IoError {
  return error instanceof IoError && error.code === code
}

/** The same error with another code. */
export function recoded(error: TlsError, code: TlsErrorCode): TlsError {
  const { message, alert, certificateErrors, cause } = error
  return new TlsError(code, message, { alert, certificateErrors, cause })
}

class Retelling<P extends HandshakeParameters> extends Passing<P> {
  readonly #retell: Retell

  constructor(good: TlsDriver<P>, retell: Retell) {
    super(good)
    this.#retell = retell
  }

  override async handshake(asked: P): Promise<HandshakeResult> {
    try {
      return await super.handshake(asked)
    } catch (error) {
      throw this.#retell(error, asked)
    }
  }
}
