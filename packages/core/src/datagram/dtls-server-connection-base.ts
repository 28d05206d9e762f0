import { ServerConnectionBase, type ServerEnvironment } from '../base/server-connection-base.js'
import type { ServerHandshakeParameters } from '../driver.js'
import type { TlsAuthenticationMode } from '../server-connection.js'
import { DatagramEngineDriver } from './datagram-engine-driver.js'
import { peekDatagramHello } from './datagram-hello-peek.js'
import type { DatagramSocket } from './datagram-socket.js'
import { DatagramTransport } from './datagram-transport.js'
import { DtlsConnectionBase } from './dtls-connection-base.js'
import type { DtlsCookies } from './dtls-cookies.js'
import type { DtlsEngine, DtlsServerEngineSettings } from './dtls-engine.js'
import type { DtlsServerConnection, DtlsServerConnectionOptions } from './dtls-server-connection.js'
import { dtlsSettingsOf, requireDatagramSocket } from './dtls-settings.js'

/** What a DTLS server connection gets from its backend. */
export interface DtlsServerEnvironment
  extends Omit<ServerEnvironment, 'createDriver' | 'peekClientHello'> {
  readonly cookies: DtlsCookies | null
  createEngine(settings: DtlsServerEngineSettings): DtlsEngine<ServerHandshakeParameters>
}

/** Core's DTLS server connection, the same for every backend. */
export class DtlsServerConnectionBase
  extends DtlsConnectionBase<ServerConnectionBase>
  implements DtlsServerConnection
{
  constructor(
    environment: DtlsServerEnvironment,
    socket: DatagramSocket,
    options: DtlsServerConnectionOptions,
  ) {
    requireDatagramSocket(socket)
    const { handshakeTimeout, ...sizes } = dtlsSettingsOf(options)
    const { clock, cookies } = environment
    const transport = new DatagramTransport(socket)
    let cookieState: unknown
    const peekClientHello = async () => {
      const peeked = await peekDatagramHello(transport, cookies)
      cookieState = peeked.cookieState
      return { hello: peeked.hello, stream: transport }
    }
    super(socket, (onDriver) => {
      const createDriver = () => {
        const engine = environment.createEngine({ ...sizes, clock, cookieState })
        const driver = new DatagramEngineDriver(transport, engine, { clock, handshakeTimeout })
        onDriver(driver)
        return driver
      }
      return new ServerConnectionBase(
        { ...environment, peekClientHello, createDriver },
        transport,
        options,
      )
    })
  }

  get serverName(): string | null {
    return this.inner.serverName
  }

  get authenticationMode(): TlsAuthenticationMode {
    return this.inner.authenticationMode
  }

  set authenticationMode(mode: TlsAuthenticationMode) {
    this.inner.authenticationMode = mode
  }
}
