import { ClientConnectionBase, type ClientEnvironment } from '../base/client-connection-base.js'
import type { TlsClientConnection } from '../client-connection.js'
import type { ClientHandshakeParameters } from '../driver.js'
import type { ServerIdentity } from '../server-identity.js'
import { DatagramEngineDriver } from './datagram-engine-driver.js'
import type { DatagramSocket } from './datagram-socket.js'
import { DatagramTransport } from './datagram-transport.js'
import type { DtlsClientConnection, DtlsClientConnectionOptions } from './dtls-client-connection.js'
import { DtlsConnectionBase } from './dtls-connection-base.js'
import type { DtlsEngine, DtlsEngineSettings } from './dtls-engine.js'
import { dtlsSettingsOf, requireDatagramSocket } from './dtls-settings.js'

/** What a DTLS client connection gets from its backend. */
export interface DtlsClientEnvironment extends Omit<ClientEnvironment, 'createDriver'> {
  createEngine(settings: DtlsEngineSettings): DtlsEngine<ClientHandshakeParameters>
}

/** Core's DTLS client connection, the same for every backend. */
export class DtlsClientConnectionBase
  extends DtlsConnectionBase<DatagramClient>
  implements DtlsClientConnection
{
  constructor(
    environment: DtlsClientEnvironment,
    socket: DatagramSocket,
    options: DtlsClientConnectionOptions,
  ) {
    requireDatagramSocket(socket)
    const { handshakeTimeout, ...sizes } = dtlsSettingsOf(options)
    const { clock } = environment
    const transport = new DatagramTransport(socket)
    super(socket, (onDriver) => {
      const createDriver = () => {
        const engine = environment.createEngine({ ...sizes, clock })
        const driver = new DatagramEngineDriver(transport, engine, { clock, handshakeTimeout })
        onDriver(driver)
        return driver
      }
      return new DatagramClient({ ...environment, createDriver }, transport, {
        ...options,
        sessionResumption: 'off',
        requestOcspStaple: false,
      })
    })
    this.inner.outer = this
  }

  get serverIdentity(): ServerIdentity | null {
    return this.inner.serverIdentity
  }

  set serverIdentity(identity: ServerIdentity | null) {
    this.inner.serverIdentity = identity
  }

  get acceptedCas(): readonly Uint8Array[] | null {
    return this.inner.acceptedCas
  }
}

/** The connection that decides, and the one that an interaction gets to see. */
class DatagramClient extends ClientConnectionBase {
  outer: DtlsClientConnection | undefined

  protected override get face(): TlsClientConnection | DtlsClientConnection {
    return this.outer ?? this
  }
}
