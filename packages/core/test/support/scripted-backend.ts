import { rootCertificates } from 'node:tls'
import { memoryStreamPair, type TlsCapabilities, TlsCertificate } from '@tlsio/core'
import {
  type ClientHandshakeParameters,
  type DriverEvents,
  type HandshakeResult,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'

/** A promise that the test settles. */
export class Deferred<T> {
  resolve!: (value: T) => void
  reject!: (error: unknown) => void
  readonly promise: Promise<T> = new Promise((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}

/**
 * A driver that does what the test says, when it says it, and keeps a log of what core asked for.
 */
export class ScriptedDriver implements TlsDriver<ClientHandshakeParameters> {
  readonly log: string[] = []
  readonly handshakeResult = new Deferred<HandshakeResult>()
  readonly reads: Deferred<Uint8Array | null>[] = []
  readonly writes: Deferred<void>[] = []
  closeNotify: Promise<void> = Promise.resolve()
  closing: Promise<void> = Promise.resolve()
  parameters: ClientHandshakeParameters | undefined
  readonly events: DriverEvents
  hasEnded = false

  constructor(events: DriverEvents) {
    this.events = events
  }

  handshake(parameters: ClientHandshakeParameters): Promise<HandshakeResult> {
    this.log.push('handshake')
    this.parameters = parameters
    return this.handshakeResult.promise
  }

  read(): Promise<Uint8Array | null> {
    this.log.push('read')
    const read = new Deferred<Uint8Array | null>()
    this.reads.push(read)
    return read.promise
  }

  write(): Promise<void> {
    this.log.push('write')
    const write = new Deferred<void>()
    this.writes.push(write)
    return write.promise
  }

  closeRead(): void {
    this.log.push('closeRead')
  }

  closeWrite(): Promise<void> {
    this.log.push('closeWrite')
    return this.closeNotify
  }

  close(): Promise<void> {
    this.log.push('close')
    return this.closing
  }

  abort(): void {
    this.log.push('abort')
  }
}

/** A backend of {@link ScriptedDriver}s; accepts any chain, but core judges name and dates. */
export class ScriptedBackend extends TlsBackendBase {
  readonly name = 'scripted'
  readonly supports: TlsCapabilities = {
    protocolVersions: ['TLSv1.2', 'TLSv1.3'],
    dtlsVersions: [],
    client: true,
    server: false,
    certificateKeys: ['RSA', 'EC'],
    alpn: true,
    sessionResumption: true,
    serverSessionResumption: false,
    clientCertificates: true,
    certificateRequest: 'never',
    acceptedCas: false,
    chainVerification: false,
    ocspStapling: true,
    clientAuthentication: false,
    ticketsPerHandshake: null,
    truncationDetection: 'always',
    channelBindings: [],
    keyingMaterialExport: false,
    keyLog: false,
    halfClose: true,
    pkcs11: false,
  }
  readonly drivers: ScriptedDriver[] = []
  readonly #made: ((driver: ScriptedDriver) => void)[] = []

  protected createClientDriver(_stream: unknown, events: DriverEvents): ScriptedDriver {
    const driver = new ScriptedDriver(events)
    this.drivers.push(driver)
    this.#made.shift()?.(driver)
    return driver
  }

  protected createServerDriver(): never {
    throw new Error('not scripted')
  }

  /** The driver of the next handshake. */
  nextDriver(): Promise<ScriptedDriver> {
    return new Promise((resolve) => {
      this.#made.push(resolve)
    })
  }
}

/** Some certificate that any peer may show; whom it is for does not matter to a callback. */
export const someCertificate: TlsCertificate = TlsCertificate.fromPem(rootCertificates[0] as string)

/** A successful full handshake. */
export function fullHandshake(changes: Partial<HandshakeResult> = {}): HandshakeResult {
  return {
    protocolVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    negotiatedProtocol: null,
    isSessionResumed: false,
    peerChain: [someCertificate.der],
    chainErrors: 0,
    ...changes,
  }
}

/** A stream that nothing is ever read from. */
export function someStream() {
  return memoryStreamPair()[0]
}
