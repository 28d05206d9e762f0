import { ByteReader, MalformedMessage } from './byte-reader.js'
import { hex } from './client-hello.js'
import {
  ExtensionType,
  type HelloExtension,
  type ParseResult,
  readExtensions,
} from './hello-extensions.js'

/** What a server answers. @see RFC 8446 §4.1.3; RFC 5246 §7.4.1.3 */
export interface ServerHello {
  /** Version agreed on, for example 0x0304, wherever it stands. */
  readonly version: number
  /** Where versions before TLS 1.3 stand; 0x0303 with TLS 1.3. */
  readonly legacyVersion: number
  /** 32 bytes. */
  readonly random: Uint8Array
  /** The session ID: up to TLS 1.2 the client's own again if it is resumed. */
  readonly sessionId: Uint8Array
  /** Cipher suite agreed on. */
  readonly cipherSuite: number
  /** All extensions in the clear, in their order. */
  readonly extensions: readonly HelloExtension[]
  /** TLS 1.3: which of the client's tickets is resumed, from 0; `undefined` if none is. */
  readonly selectedPsk: number | undefined
  /** Whether it is a HelloRetryRequest: the client shall say hello again. @see RFC 8446 §4.1.4 */
  readonly isRetryRequest: boolean
}

/** Reads the body of a ServerHello; whatever the bytes are, it does not throw. */
export function parseServerHello(body: Uint8Array): ParseResult<ServerHello> {
  try {
    return { ok: true, value: readServerHello(new ByteReader(body)) }
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error
    return { ok: false, problem: error.message }
  }
}

function readServerHello(reader: ByteReader): ServerHello {
  const legacyVersion = reader.uint(2)
  const random = reader.bytes(32)
  const sessionId = reader.vector(1)
  const cipherSuite = reader.uint(2)
  reader.uint(1) // compression method
  const extensions = readExtensions(reader)
  reader.end()

  const number = (type: number) => {
    const data = extensions.find((one) => one.type === type)?.data
    return data === undefined ? undefined : new ByteReader(data).uint(2)
  }
  return {
    version: number(ExtensionType.SUPPORTED_VERSIONS) ?? legacyVersion,
    legacyVersion,
    random,
    sessionId,
    cipherSuite,
    extensions,
    selectedPsk: number(ExtensionType.PRE_SHARED_KEY),
    isRetryRequest: hex(random) === retryRandom,
  }
}

/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'
