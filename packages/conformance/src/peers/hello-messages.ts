import { type ClientHello, ExtensionType, HandshakeType, parseClientHello } from '@tlsio/core/wire'
import { extension, message, uint, vector } from './encoding.js'
import { digest } from './key-schedule.js'
import { fatal } from './server-messages.js'

/** A ClientHello that this server can answer. */
export function readHello(body: Uint8Array): ClientHello {
  const parsed = parseClientHello(body)
  if (!parsed.ok) throw fatal('decode_error', `The ClientHello is damaged: ${parsed.problem}.`)
  const hello = parsed.value
  if (!hello.supportedVersions.includes(TLS_1_3)) {
    throw fatal('protocol_version', 'The client does not speak TLS 1.3.', {}, 'TLS_HANDSHAKE')
  }
  if (!hello.cipherSuites.includes(SUITE)) {
    throw fatal('handshake_failure', 'The client lacks TLS_AES_128_GCM_SHA256.')
  }
  return hello
}

/** The client's shares by group (RFC 8446 §4.2.8). */
export function keyShares(hello: ClientHello): ReadonlyMap<number, Uint8Array> {
  const data = extensionOf(hello, KEY_SHARE) ?? NONE
  const shares = new Map<number, Uint8Array>()
  for (let at = 2; at + 4 <= data.length; at += 4 + number(data, at + 2)) {
    shares.set(number(data, at), data.subarray(at + 4, at + 4 + number(data, at + 2)))
  }
  return shares
}

/** The groups that the client knows (RFC 8446 §4.2.7). */
export function supportedGroups(hello: ClientHello): readonly number[] {
  const data = extensionOf(hello, SUPPORTED_GROUPS) ?? NONE
  const groups: number[] = []
  for (let at = 2; at + 2 <= data.length; at += 2) groups.push(number(data, at))
  return groups
}

/** The cookie that the client has brought back; `undefined` if there is none (RFC 8446 §4.2.2). */
export function cookieOf(hello: ClientHello): Uint8Array | undefined {
  return extensionOf(hello, COOKIE)?.subarray(2)
}

/** RFC 8446 §4.1.3. */
export function serverHello(
  hello: ClientHello,
  keyShare: Uint8Array,
  chosenPsk: number | undefined,
): Uint8Array {
  const psk =
    chosenPsk === undefined ? NONE : extension(ExtensionType.PRE_SHARED_KEY, uint(chosenPsk, 2))
  const random = crypto.getRandomValues(new Uint8Array(32))
  return helloMessage(hello, random, extension(KEY_SHARE, keyShare), psk)
}

/** What a server wants changed in a ClientHello: at least one of the two (RFC 8446 §4.1.4). */
export interface RetryRequest {
  /** The group to send a share of. */
  readonly group: number | undefined
  /** What the client has to bring back. */
  readonly cookie: Uint8Array | undefined
}

/** HelloRetryRequest, a ServerHello by its form (RFC 8446 §4.1.4). */
export function helloRetryRequest(hello: ClientHello, { group, cookie }: RetryRequest): Uint8Array {
  return helloMessage(
    hello,
    retryRandom,
    group === undefined ? NONE : extension(KEY_SHARE, uint(group, 2)),
    cookie === undefined ? NONE : extension(COOKIE, vector(2, cookie)),
  )
}

/** What stands for the first ClientHello after a HelloRetryRequest (RFC 8446 §4.4.1). */
export async function messageHash(firstHello: Uint8Array): Promise<Uint8Array> {
  return message(MESSAGE_HASH, await digest(firstHello))
}

function helloMessage(
  { sessionId }: ClientHello,
  random: Uint8Array,
  ...extensions: readonly Uint8Array[]
): Uint8Array {
  return message(
    HandshakeType.SERVER_HELLO,
    uint(TLS_1_2, 2),
    random,
    vector(1, sessionId),
    uint(SUITE, 2),
    uint(0, 1),
    vector(2, extension(ExtensionType.SUPPORTED_VERSIONS, uint(TLS_1_3, 2)), ...extensions),
  )
}

function extensionOf(hello: ClientHello, wanted: number): Uint8Array | undefined {
  return hello.extensions.find(({ type }) => type === wanted)?.data
}

function number(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
}

const SUPPORTED_GROUPS = 10
const COOKIE = 44
const KEY_SHARE = 51
const MESSAGE_HASH = 254
const SUITE = 0x1301
const TLS_1_2 = 0x0303
const TLS_1_3 = 0x0304
const NONE = new Uint8Array(0)

/** SHA-256 of "HelloRetryRequest": by it a client knows what it is (RFC 8446 §4.1.3). */
const retryRandom = Uint8Array.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'.match(/../g) ?? [],
  (digits) => Number.parseInt(digits, 16),
)
