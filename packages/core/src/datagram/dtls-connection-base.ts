import { abortable } from '../base/abortable.js'
import type { TlsConnectionBase } from '../base/connection-base.js'
import type { TlsCertificate } from '../certificate.js'
import type { TlsChannelBindingType } from '../channel-binding.js'
import type { AcceptCertificate, TlsChangeEvent } from '../connection.js'
import type { TlsDatabase } from '../database.js'
import type { HandshakeParameters } from '../driver.js'
import type { TlsInteraction } from '../interaction.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import type { IoOptions } from '../streams/io-stream.js'
import type { PeerVerification } from '../verification.js'
import type { DatagramEngineDriver } from './datagram-engine-driver.js'
import type { DatagramSocket } from './datagram-socket.js'
import type { DtlsConnection, DtlsShutdown } from './dtls-connection.js'

/**
 * A DTLS connection in front of one of core's own, which decides all that there is to decide: this
 * one only says in words of messages what that says in words of streams.
 */
export abstract class DtlsConnectionBase<Inner extends TlsConnectionBase>
  extends EventTarget
  implements DtlsConnection
{
  readonly transport: DatagramSocket
  protected readonly inner: Inner
  #driver: Pick<DatagramEngineDriver<HandshakeParameters>, 'maxMessageSize'> | undefined

  /** @param createInner - gets what makes the driver known. */
  constructor(
    socket: DatagramSocket,
    createInner: (onDriver: (driver: { readonly maxMessageSize: number }) => void) => Inner,
  ) {
    super()
    this.transport = socket
    this.inner = createInner((driver) => {
      this.#driver = driver
    })
    for (const name of changes) {
      this.inner.addEventListener(name, () => this.dispatchEvent(new Event(name)))
    }
  }

  get backendName(): string {
    return this.inner.backendName
  }

  get database(): TlsDatabase | null | undefined {
    return this.inner.database
  }

  set database(database: TlsDatabase | null | undefined) {
    this.inner.database = database
  }

  get certificate(): TlsCertificate | undefined {
    return this.inner.certificate
  }

  set certificate(certificate: TlsCertificate | undefined) {
    this.inner.certificate = certificate
  }

  get acceptCertificate(): AcceptCertificate | undefined {
    return this.inner.acceptCertificate
  }

  set acceptCertificate(callback: AcceptCertificate | undefined) {
    this.inner.acceptCertificate = callback
  }

  get interaction(): TlsInteraction | null {
    return this.inner.interaction
  }

  set interaction(interaction: TlsInteraction | null) {
    this.inner.interaction = interaction
  }

  get requireCloseNotify(): boolean {
    return this.inner.requireCloseNotify
  }

  set requireCloseNotify(value: boolean) {
    this.inner.requireCloseNotify = value
  }

  get advertisedProtocols(): readonly string[] | null {
    return this.inner.advertisedProtocols
  }

  set advertisedProtocols(protocols: readonly string[] | null) {
    this.inner.advertisedProtocols = protocols
  }

  get peerCertificate(): TlsCertificate | null {
    return this.inner.peerCertificate
  }

  get peerCertificateErrors(): number {
    return this.inner.peerCertificateErrors
  }

  get peerVerification(): PeerVerification | null {
    return this.inner.peerVerification
  }

  get negotiatedProtocol(): string | null {
    return this.inner.negotiatedProtocol
  }

  get protocolVersion(): TlsProtocolVersion | null {
    return this.inner.protocolVersion
  }

  get cipherSuite(): string | null {
    return this.inner.cipherSuite
  }

  get maxMessageSize(): number | null {
    const size = this.closed ? undefined : this.#driver?.maxMessageSize
    return size || null
  }

  get closed(): boolean {
    return this.inner.closed
  }

  supportsChannelBinding(type: TlsChannelBindingType): boolean {
    return this.inner.supportsChannelBinding(type)
  }

  getChannelBindingData(type: TlsChannelBindingType): Promise<Uint8Array> {
    return this.inner.getChannelBindingData(type)
  }

  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array {
    return this.inner.exportKeyingMaterial(label, length, context)
  }

  handshake(options?: IoOptions): Promise<void> {
    return this.inner.handshake(options)
  }

  async send(message: Uint8Array, options?: IoOptions): Promise<void> {
    if (message instanceof Uint8Array && message.length === 0) {
      throw new TypeError('A message has at least one byte.')
    }
    await this.inner.write(message, options)
  }

  receive(options?: IoOptions): Promise<Uint8Array | null> {
    return this.inner.read(options)
  }

  async shutdown(directions: DtlsShutdown, options: IoOptions = {}): Promise<void> {
    const { read = false, write = false } = directions
    if (typeof read !== 'boolean' || typeof write !== 'boolean') {
      throw new TypeError('The directions of a shutdown are true or false.')
    }
    options.signal?.throwIfAborted()
    if (read && write) await this.inner.close(options)
    else if (read) await this.inner.closeRead()
    else if (write) await abortable(this.inner.closeWrite(), options.signal)
  }

  close(options?: IoOptions): Promise<void> {
    return this.inner.close(options)
  }

  abort(reason?: unknown): void {
    this.inner.abort(reason)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.inner.close()
  }
}

const changes: readonly TlsChangeEvent[] = [
  'change:peerCertificate',
  'change:peerCertificateErrors',
  'change:negotiatedProtocol',
]
