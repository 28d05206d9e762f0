import type { CreateBackend } from '@tlsio/conformance'
import type { IoStream } from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  DriverEvents,
  FinishedMessages,
  HandshakeParameters,
  HandshakeResult,
  ServerHandshakeParameters,
  TlsDriver,
} from '@tlsio/core/backend'
import { createGood } from './good.js'

/** A driver that does what another does: mutants override one member. */
export class Passing<P extends HandshakeParameters = HandshakeParameters> implements TlsDriver<P> {
  protected readonly good: TlsDriver<P>
  readonly exportKeyingMaterial?: NonNullable<TlsDriver<P>['exportKeyingMaterial']>
  readonly finishedMessages?: () => FinishedMessages

  /** Passes everything on to `good`. */
  constructor(good: TlsDriver<P>) {
    this.good = good
    if (good.exportKeyingMaterial) {
      this.exportKeyingMaterial = good.exportKeyingMaterial.bind(good)
    }
    if (good.finishedMessages) this.finishedMessages = good.finishedMessages.bind(good)
  }

  get hasEnded(): boolean {
    return this.good.hasEnded
  }

  handshake(parameters: P): Promise<HandshakeResult> {
    return this.good.handshake(parameters)
  }

  read(): Promise<Uint8Array | null> {
    return this.good.read()
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.good.write(chunk)
  }

  closeRead(): void {
    this.good.closeRead()
  }

  closeWrite(): Promise<void> {
    return this.good.closeWrite()
  }

  close(): Promise<void> {
    return this.good.close()
  }

  abort(reason: unknown): void {
    this.good.abort(reason)
  }
}

/** The hooks of `TlsBackendBase` that make drivers. */
interface DriverMakers {
  createClientDriver(stream: IoStream, events: DriverEvents): TlsDriver<ClientHandshakeParameters>
  createServerDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters>
}

/** Good, but what speaks TLS for its clients is changed; it may tell of sessions otherwise, too. */
export function withClientDriver(
  change: (
    make: (stream: IoStream, events: DriverEvents) => TlsDriver<ClientHandshakeParameters>,
    stream: IoStream,
    events: DriverEvents,
  ) => TlsDriver<ClientHandshakeParameters>,
  create: CreateBackend = createGood,
): CreateBackend {
  return (context) => {
    const backend = create(context)
    const makers = backend as unknown as DriverMakers
    const make = makers.createClientDriver.bind(backend)
    makers.createClientDriver = (stream, events) => change(make, stream, events)
    return backend
  }
}

/** Good, but what speaks TLS for its servers is changed. */
export function withServerDriver(
  change: (
    make: (stream: IoStream) => TlsDriver<ServerHandshakeParameters>,
    stream: IoStream,
  ) => TlsDriver<ServerHandshakeParameters>,
): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    const makers = backend as unknown as DriverMakers
    const make = makers.createServerDriver.bind(backend)
    makers.createServerDriver = (stream) => change(make, stream)
    return backend
  }
}

/**
 * Good, but a client's engine is told other settings than core's, or its result is another. For what
 * the good backend does not have, it may be made from another one.
 */
export function withClientHandshake(
  parameters: (asked: ClientHandshakeParameters) => ClientHandshakeParameters = (asked) => asked,
  result: (given: HandshakeResult) => HandshakeResult = (given) => given,
  create: CreateBackend = createGood,
): CreateBackend {
  return withClientDriver((make, stream, events) => {
    return new (class extends Passing<ClientHandshakeParameters> {
      override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
        return result(await super.handshake(parameters(asked)))
      }
    })(make(stream, events))
  }, create)
}

/** Good, but a server's engine is told other settings than core's, or its result is another. */
export function withServerHandshake(
  parameters: (asked: ServerHandshakeParameters) => ServerHandshakeParameters = (asked) => asked,
  result: (given: HandshakeResult) => HandshakeResult = (given) => given,
): CreateBackend {
  return withServerDriver((make, stream) => {
    return new (class extends Passing<ServerHandshakeParameters> {
      override async handshake(asked: ServerHandshakeParameters): Promise<HandshakeResult> {
        return result(await super.handshake(parameters(asked)))
      }
    })(make(stream))
  })
}
