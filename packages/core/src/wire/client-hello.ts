import { ByteReader, MalformedMessage } from './byte-reader.js'
import {
  ExtensionType,
  type HelloExtension,
  type ParseResult,
  readExtensions,
} from './hello-extensions.js'

/** A ticket that a client offers to resume with in TLS 1.3. @see RFC 8446 §4.2.11 */
export interface PskIdentity {
  /** The ticket. */
  readonly identity: Uint8Array
  /** Its age in milliseconds plus the server's `ticket_age_add`, modulo 2^32. */
  readonly obfuscatedTicketAge: number
}

/** The `pre_shared_key` extension of a ClientHello. @see RFC 8446 §4.2.11 */
export interface OfferedPsks {
  /** The tickets, in the client's order of preference. */
  readonly identities: readonly PskIdentity[]
  /** The proofs that the client has each ticket's key. */
  readonly binders: readonly Uint8Array[]
}

/** What a client says first. @see RFC 8446 §4.1.2; RFC 5246 §7.4.1.2 */
export interface ClientHello {
  /** 0x0303 for TLS 1.2 and 1.3. */
  readonly legacyVersion: number
  /** 32 bytes. */
  readonly random: Uint8Array
  /** 0 to 32 bytes: up to TLS 1.2 a session to resume; with TLS 1.3 random or empty. */
  readonly sessionId: Uint8Array
  /** In the client's order of preference. */
  readonly cipherSuites: readonly number[]
  /** All extensions, in their order. */
  readonly extensions: readonly HelloExtension[]
  /** Server name (SNI); `undefined` without one. @see RFC 6066 §3 */
  readonly serverName: string | undefined
  /** ALPN protocols; empty without the extension. @see RFC 7301 */
  readonly protocols: readonly string[]
  /** `supported_versions`, for example 0x0304; empty without the extension. */
  readonly supportedVersions: readonly number[]
  /** TLS ≤ 1.2 ticket: empty asks for one, `undefined` does not. @see RFC 5077 §3.2 */
  readonly sessionTicket: Uint8Array | undefined
  /** TLS 1.3 tickets on offer; `undefined` without the extension. */
  readonly preSharedKey: OfferedPsks | undefined
  /** `psk_key_exchange_modes`; empty without the extension. @see RFC 8446 §4.2.9 */
  readonly pskKeyExchangeModes: readonly number[]
  /** Whether early data follows. @see RFC 8446 §4.2.10 */
  readonly earlyData: boolean
}

/** Reads the body of a ClientHello; whatever the bytes are, it does not throw. */
export function parseClientHello(body: Uint8Array): ParseResult<ClientHello> {
  try {
    return { ok: true, value: readClientHello(new ByteReader(body)) }
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error
    return { ok: false, problem: error.message }
  }
}

/**
 * The sessions a ClientHello offers to resume, each as hexadecimal text: tickets, or the session ID
 * of a client that offers nothing newer than TLS 1.2 and no ticket. Empty if it wants a full
 * handshake.
 */
export function offeredSessions(hello: ClientHello): readonly string[] {
  const found: Uint8Array[] = hello.preSharedKey?.identities.map((psk) => psk.identity) ?? []
  if (hello.sessionTicket !== undefined && hello.sessionTicket.length > 0) {
    found.push(hello.sessionTicket)
  }
  // With TLS 1.3 on offer the ID is random, to please middleboxes (RFC 8446 Appendix D.4).
  const isSessionId = !hello.supportedVersions.includes(0x0304) && found.length === 0
  if (isSessionId && hello.sessionId.length > 0) found.push(hello.sessionId)
  return found.map(hex)
}

/** Bytes as hexadecimal text. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexOfByte[byte]
  return text
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

function readClientHello(reader: ByteReader): ClientHello {
  const legacyVersion = reader.uint(2)
  const random = reader.bytes(32)
  const sessionId = reader.vector(1)
  if (sessionId.length > 32) throw new MalformedMessage(`session ID of ${sessionId.length} bytes`)
  const cipherSuites = reader.list(2, (one) => one.uint(2))
  reader.vector(1) // compression methods
  const extensions = readExtensions(reader)
  reader.end()

  const find = (type: number) => extensions.find((one) => one.type === type)?.data
  const list = <T>(type: number, prefix: number, element: (one: ByteReader) => T) => {
    const data = find(type)
    return data === undefined ? [] : new ByteReader(data).list(prefix, element)
  }
  const psks = find(ExtensionType.PRE_SHARED_KEY)
  return {
    legacyVersion,
    random,
    sessionId,
    cipherSuites,
    extensions,
    serverName: list(ExtensionType.SERVER_NAME, 2, readServerName).find((name) => name !== ''),
    protocols: list(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION, 2, (one) =>
      text(one.vector(1)),
    ),
    supportedVersions: list(ExtensionType.SUPPORTED_VERSIONS, 1, (one) => one.uint(2)),
    sessionTicket: find(ExtensionType.SESSION_TICKET),
    preSharedKey: psks === undefined ? undefined : readPsks(new ByteReader(psks)),
    pskKeyExchangeModes: list(ExtensionType.PSK_KEY_EXCHANGE_MODES, 1, (one) => one.uint(1)),
    earlyData: find(ExtensionType.EARLY_DATA) !== undefined,
  }
}

function readServerName(reader: ByteReader): string {
  const isHostName = reader.uint(1) === 0
  const name = reader.vector(2)
  return isHostName ? text(name) : ''
}

function readPsks(reader: ByteReader): OfferedPsks {
  const identities = reader.list(2, (one) => ({
    identity: one.vector(2),
    obfuscatedTicketAge: one.uint(4),
  }))
  const binders = reader.list(2, (one) => one.vector(1))
  reader.end()
  return { identities, binders }
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
