import { errorForAlert } from '@tlsio/core/backend'
import { RecordType } from '@tlsio/core/wire'
import forge from 'node-forge'
import { fromBinary, toBinary } from './binary-string.js'
import type { CipherProvider, RsaPrivateKey } from './ciphers/cipher-provider.js'
import { Alert, FatalAlert } from './fatal-alert.js'
import {
  type ForgeCipherSuite,
  type ForgeSecurityParameters,
  forgeSuites,
  suiteNumber,
  withTables,
} from './forge-tables.js'
import type { OwnIdentity } from './own-identity.js'
import { premasterBlock } from './premaster-secret.js'
import type { DirectionKeys } from './record-protection.js'
import type { ForgeSession } from './session-state.js'

/** What a handshake is made with. */
export interface ForgeHandshakeOptions {
  readonly ciphers: CipherProvider
  readonly role: 'client' | 'server'
  /** Minor versions to agree to, newest first. */
  readonly minors: readonly number[]
  /** Takes each record to send, in order, in the clear. */
  readonly send: (type: number, fragment: Uint8Array) => void
  /** Client: the server name to send. */
  readonly serverName?: string | undefined
  /** Client: the session to offer. */
  readonly session?: ForgeSession | undefined
  /** Server: finds the session that a client offers; never asked for an empty ID. */
  readonly findSession?: (id: Uint8Array) => ForgeSession | undefined
  /** Server: whether to ask for a certificate. */
  readonly asksForCertificate?: boolean
  /** What to show, as PEM, when it is asked for; an empty chain shows none. */
  readonly identity: () => OwnIdentity
}

/** forge's connection, as much of it as is used; its own types lack half. */
interface ForgeConnection {
  version: { major: number; minor: number }
  session: {
    id: string
    version: object | null
    clientHelloVersion: { major: number; minor: number }
    sp: ForgeSecurityParameters
    cipherSuite: ForgeCipherSuite
    resuming: boolean
    serverCertificate: forge.pki.Certificate | null
    clientCertificate: forge.pki.Certificate | null
  } | null
  readonly tlsData: forge.util.ByteBuffer
  handshake(id: string): void
  process(data: string): number
}

/**
 * forge's handshake, and nothing else of it: whole messages in the clear go in and come out. Records,
 * alerts and data are the engine's.
 */
export class ForgeHandshake {
  readonly #options: ForgeHandshakeOptions
  readonly #connection: ForgeConnection
  readonly #suites: readonly ForgeCipherSuite[]
  #keys: ForgeSecurityParameters['keys']
  #key: RsaPrivateKey | undefined
  #failure: FatalAlert | undefined
  #isComplete = false

  constructor(options: ForgeHandshakeOptions) {
    this.#options = options
    this.#suites = forgeSuites.map((suite) => ({
      ...suite,
      // forge's own would make its ciphers here; without them its records stay in the clear.
      initConnectionState: (_state, _connection, sp) => {
        this.#keys = sp.keys
      },
    }))
    this.#connection = this.#connect()
  }

  /** Whether both Finished messages were right. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Whether both sides have said hello, so that the version is agreed. */
  get hasAgreed(): boolean {
    return this.#connection.session?.version != null
  }

  /** Minor version agreed; before that, the newest that is offered. */
  get minor(): number {
    return this.#connection.version.minor
  }

  /** The cipher suite agreed. */
  get cipherSuite(): ForgeCipherSuite {
    return this.#session.cipherSuite
  }

  /** Whether a session was resumed. */
  get isResumed(): boolean {
    return this.#session.resuming
  }

  /** The session agreed, without the peer's certificates. */
  get session(): Omit<ForgeSession, 'peerChain'> {
    const { id, sp, cipherSuite } = this.#session
    const masterSecret = fromBinary(sp.master_secret ?? '')
    const number = suiteNumber(cipherSuite)
    return { id: fromBinary(id), minor: this.minor, cipherSuite: number, masterSecret }
  }

  /** The client's random, which a key log names the connection by. */
  get clientRandom(): Uint8Array {
    return fromBinary(this.#session.sp.client_random ?? '')
  }

  /** The peer's leaf as forge has read it. */
  get peerLeaf(): forge.pki.Certificate | null {
    const { serverCertificate, clientCertificate } = this.#session
    return this.#options.role === 'client' ? serverCertificate : clientCertificate
  }

  /** Keys of one direction; there from its ChangeCipherSpec on. */
  keysOf(sender: 'client' | 'server'): DirectionKeys {
    const keys = this.#keys
    if (keys === undefined) {
      throw new FatalAlert(
        Alert.UNEXPECTED_MESSAGE,
        'The peer changes ciphers before any are agreed.',
      )
    }
    const iv = sender === 'client' ? keys.client_write_IV : keys.server_write_IV
    return {
      macKey: fromBinary(
        sender === 'client' ? keys.client_write_MAC_key : keys.server_write_MAC_key,
      ),
      key: fromBinary(sender === 'client' ? keys.client_write_key : keys.server_write_key),
      iv: iv === undefined ? undefined : fromBinary(iv),
    }
  }

  /** Client: says hello. */
  start(): void {
    const { session } = this.#options
    this.#step(() => this.#connection.handshake(session === undefined ? '' : toBinary(session.id)))
  }

  /** Takes one whole handshake message, header included. */
  message(message: Uint8Array): void {
    this.#process(RecordType.HANDSHAKE, message)
  }

  /** Takes the peer's ChangeCipherSpec. */
  changeCipherSpec(): void {
    this.#process(RecordType.CHANGE_CIPHER_SPEC, Uint8Array.of(1))
  }

  get #session(): NonNullable<ForgeConnection['session']> {
    const { session } = this.#connection
    if (session === null) throw new FatalAlert(Alert.UNEXPECTED_MESSAGE, 'There is no handshake.')
    return session
  }

  #connect(): ForgeConnection {
    const { ciphers, role, minors, serverName, identity, asksForCertificate } = this.#options
    const options = {
      server: role === 'server',
      virtualHost: serverName,
      cipherSuites: [...this.#suites, noRenegotiation],
      // A required one is missed by the engine, with the right alert.
      verifyClient: asksForCertificate === true ? 'optional' : false,
      sessionCache: this.#sessionCache(),
      getCertificate: () => {
        const { chain } = identity()
        return chain.length === 0 ? null : [...chain]
      },
      getPrivateKey: () => identity().privateKey,
      ...(ciphers.rsaPrivateKey === undefined ? {} : { getSignature: this.#sign }),
      connected: () => {
        this.#isComplete = true
      },
      tlsDataReady: () => this.#sendAll(),
      dataReady: () => {},
      closed: () => {},
      error: (_: unknown, error: ForgeFailure) => {
        this.#failure ??= failureOf(error)
      },
    }
    const connection = forge.tls.createConnection(options as never) as unknown as ForgeConnection
    connection.version = { major: 3, minor: minors[0] as number }
    return connection
  }

  /**
   * Given to forge in place of its own cache, which answers an empty ID with any session it has, and
   * hands the same object to several connections, each of which changes it.
   */
  #sessionCache(): object {
    const { role, session, findSession } = this.#options
    const find = (id: string): ForgeSession | undefined => {
      if (id === '') return undefined
      if (role === 'client') return session
      const found = findSession?.(fromBinary(id))
      // forge has chosen by now, and a session is resumed with its own suite or not at all
      // (RFC 4346 §7.4.1.3).
      return found?.cipherSuite === suiteNumber(this.cipherSuite) ? found : undefined
    }
    return {
      order: [],
      getSession: (id = '') => {
        const found = find(id)
        if (found === undefined) return null
        // A client says hello with the newest version it speaks, whatever the session's.
        const minor = role === 'client' ? (this.#options.minors[0] as number) : found.minor
        const sp: ForgeSecurityParameters = {
          master_secret: toBinary(found.masterSecret),
          compression_algorithm: 0,
        }
        // forge's server says the random of the old handshake again, so that all of a connection
        // could be recorded and replayed.
        if (role === 'server')
          sp.server_random = toBinary(crypto.getRandomValues(new Uint8Array(32)))
        return { id, version: { major: 3, minor }, sp }
      },
      setSession() {},
    }
  }

  /** Proves that the client has its key (RFC 4346 §7.4.8). */
  readonly #sign = (
    connection: unknown,
    bytes: string,
    signed: (connection: unknown, signature: string) => void,
  ): void => {
    const key = this.#privateKey as RsaPrivateKey
    signed(connection, fromKey(key.sign, bytes))
  }

  /**
   * The client's premaster secret, or a random one: nothing that the client does tells it which. A
   * block that is no number below the modulus is public, and comes to the same.
   */
  readonly #decrypt = (block: string, own: (block: string) => string): string => {
    const key = this.#privateKey
    const version = this.#session.clientHelloVersion
    let decrypted: Uint8Array
    try {
      decrypted = key === undefined ? fromBinary(own(block)) : key.decrypt(fromBinary(block))
    } catch {
      decrypted = new Uint8Array(this.#modulusLength)
    }
    return toBinary(premasterBlock(decrypted, version))
  }

  /** Bytes of our own RSA key. */
  get #modulusLength(): number {
    const { publicKey } = this.#session.serverCertificate as forge.pki.Certificate
    return Math.ceil((publicKey as forge.pki.rsa.PublicKey).n.bitLength() / 8)
  }

  /** Ours, where there is a faster RSA than forge's. */
  get #privateKey(): RsaPrivateKey | undefined {
    const { ciphers, identity } = this.#options
    this.#key ??= ciphers.rsaPrivateKey?.(identity().privateKey)
    return this.#key
  }

  #process(type: number, fragment: Uint8Array): void {
    const { length } = fragment
    const header = Uint8Array.of(type, 3, this.minor, length >> 8, length & 0xff)
    this.#step(() => this.#connection.process(toBinary(header) + toBinary(fragment)))
  }

  /** @throws {@link FatalAlert} for what forge does not accept, or stumbles over. */
  #step(run: () => void): void {
    try {
      const { minors } = this.#options
      withTables({ suites: this.#suites, minors, decrypt: this.#decrypt }, run)
    } catch (cause) {
      if (cause instanceof FatalAlert) throw cause
      // It reports, and may stumble over what it goes on with.
      if (this.#failure !== undefined) throw this.#failure
      throw new FatalAlert(
        Alert.DECODE_ERROR,
        'A handshake message of the peer cannot be read.',
        'TLS_MISC',
        cause,
      )
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Passes on what forge wants to send, but its alerts: those are the engine's. */
  #sendAll(): void {
    const bytes = fromBinary(this.#connection.tlsData.getBytes())
    for (let at = 0; at < bytes.length; ) {
      const [type = 0, , , high = 0, low = 0] = bytes.subarray(at, at + HEADER)
      const end = at + HEADER + ((high << 8) | low)
      const isAlert = type === RecordType.ALERT
      if (!isAlert && this.#failure === undefined) {
        this.#options.send(type, bytes.subarray(at + HEADER, end))
      }
      at = end
    }
  }
}

const HEADER = 5

/**
 * Says that this client never renegotiates (RFC 5746 §3.3), for servers that insist on a word about
 * it. No suite.
 */
const noRenegotiation = { id: [0x00, 0xff], name: 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV' }

function fromKey(use: (bytes: Uint8Array) => Uint8Array, bytes: string): string {
  return toBinary(use(fromBinary(bytes)))
}

/** What forge calls its `error` with. */
interface ForgeFailure {
  readonly message: string
  readonly alert?: { readonly description: number }
  readonly cause?: unknown
}

function failureOf({ message, alert, cause }: ForgeFailure): FatalAlert {
  const number = alert?.description ?? Alert.INTERNAL_ERROR
  return new FatalAlert(
    number,
    `The TLS handshake failed: ${message}`,
    errorForAlert(number).code,
    cause,
  )
}
