import type { ClientHello, ServerHello } from '@tlsio/core/wire'
import { RecordType } from '@tlsio/core/wire'
import type { ObservedRecord, StreamEnd, TapObserver, TappedStream } from './tap.js'
import type {
  TracedClientHello,
  TracedEnd,
  TracedRecord,
  TracedServerHello,
  TraceSide,
  WireTrace,
} from './trace.js'

/**
 * Keeps what goes over one pair of streams. Of each direction it keeps the first records and the
 * last ones, so that it costs little however much is transferred.
 */
export class TraceRecorder {
  readonly #stream: number
  readonly #now: () => number
  readonly #sent: Readonly<Record<TraceSide, Direction>> = {
    client: new Direction(),
    server: new Direction(),
  }
  readonly #ends: TracedEnd[] = []

  /**
   * @param stream - which of the case's stream pairs it is, from 1.
   * @param now - milliseconds since the case began.
   */
  constructor(stream: number, now: () => number) {
    this.#stream = stream
    this.#now = () => Math.round(now() * 100) / 100
  }

  /** What the tap of one end is to tell. */
  observer(side: TraceSide): TapObserver {
    const [sent, received] = [this.#sent[side], this.#sent[otherSide(side)]]
    return {
      sent: (record) => sent.sent(side, this.#now(), record),
      received: () => received.received(this.#now()),
      ended: (how) => this.#ended(side, how),
    }
  }

  /** What has happened so far between the two taps. */
  trace(client: TappedStream, server: TappedStream): WireTrace {
    const both = [this.#sent.client, this.#sent.server]
    const problems = [
      { from: 'client' as const, what: client.sent.problem },
      { from: 'server' as const, what: server.sent.problem },
    ]
    return {
      stream: this.#stream,
      records: both.flatMap(({ records }) => records).sort((a, b) => a.sentAt - b.sentAt),
      omitted: both.reduce((sum, { omitted }) => sum + omitted, 0),
      ends: [...this.#ends],
      problems: problems.flatMap(({ from, what }) => (what === undefined ? [] : [{ from, what }])),
    }
  }

  /** Closing again changes nothing. */
  #ended(from: TraceSide, how: StreamEnd): void {
    const before = this.#ends.filter((end) => end.from === from)
    const isNews = how === 'close-write' ? before.length === 0 : before.every(isCloseWrite)
    if (isNews) this.#ends.push({ from, how, at: this.#now() })
  }
}

type Kept = { -readonly [Key in keyof TracedRecord]: TracedRecord[Key] }

/** The records that one end sent. */
class Direction {
  readonly #first: Kept[] = []
  #last: Kept[] = []
  #sent = 0
  #received = 0

  get records(): readonly TracedRecord[] {
    return [...this.#first, ...this.#last].map((record) => ({ ...record }))
  }

  get omitted(): number {
    return this.#sent - this.#first.length - this.#last.length
  }

  sent(from: TraceSide, sentAt: number, observed: ObservedRecord): void {
    const kept = { index: this.#sent++, from, sentAt, receivedAt: null, ...described(observed) }
    if (this.#first.length < firstKept) this.#first.push(kept)
    else this.#last.push(kept)
    if (this.#last.length >= 2 * lastKept) this.#last = this.#last.slice(-lastKept)
  }

  /** Streams keep the order: the next record that arrives is the next one that was sent. */
  received(at: number): void {
    const index = this.#received++
    const found = this.#first[index] ?? this.#last.find((record) => record.index === index)
    if (found !== undefined) found.receivedAt = at
  }
}

/** A handshake with client authentication has some twenty records in each direction. */
const firstKept = 40
const lastKept = 12

const isCloseWrite = ({ how }: TracedEnd): boolean => how === 'close-write'

function otherSide(side: TraceSide): TraceSide {
  return side === 'client' ? 'server' : 'client'
}

function described({ record, messages, clientHello, serverHello }: ObservedRecord) {
  const { type, fragment } = record
  // An encrypted one is longer than level and description.
  const inTheClear = type === RecordType.ALERT && fragment.length === 2
  return {
    type,
    length: fragment.length,
    messages: messages.map((message) => message.type),
    alert: inTheClear ? (fragment[1] ?? null) : null,
    clientHello: clientHello === undefined ? null : describeClientHello(clientHello),
    serverHello: serverHello === undefined ? null : describeServerHello(serverHello),
  }
}

function describeClientHello(hello: ClientHello): TracedClientHello {
  const { supportedVersions, legacyVersion, sessionTicket } = hello
  return {
    versions: supportedVersions.length > 0 ? supportedVersions : [legacyVersion],
    serverName: hello.serverName ?? null,
    protocols: hello.protocols,
    cipherSuites: hello.cipherSuites,
    groups: namedGroups(hello),
    extensions: hello.extensions.map(({ type }) => type),
    sessionId: hello.sessionId.length,
    sessionTicket: sessionTicket?.length ?? null,
    preSharedKeys: hello.preSharedKey?.identities.map(({ identity }) => identity.length) ?? [],
    earlyData: hello.earlyData,
  }
}

function describeServerHello(hello: ServerHello): TracedServerHello {
  const { version, cipherSuite, sessionId, selectedPsk, isRetryRequest } = hello
  return {
    version,
    cipherSuite,
    sessionId: sessionId.length,
    selectedPsk: selectedPsk ?? null,
    isRetryRequest,
  }
}

/** Number of the extension (RFC 8446 §4.2). */
const supportedGroups = 10

/** A list of 16-bit numbers after its own length (RFC 8446 §4.2.7). */
function namedGroups({ extensions }: ClientHello): readonly number[] {
  const data = extensions.find(({ type }) => type === supportedGroups)?.data
  if (data === undefined) return []
  const numbers = data.subarray(2)
  return Array.from({ length: numbers.length >> 1 }, (_, at) => {
    return ((numbers[2 * at] ?? 0) << 8) | (numbers[2 * at + 1] ?? 0)
  })
}
