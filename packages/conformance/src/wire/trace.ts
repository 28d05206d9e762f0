/** Which end of a connection. */
export type TraceSide = 'client' | 'server'

/**
 * What went over one pair of streams, for whoever looks for the cause of a failure. Times are in
 * milliseconds since the case began. There is no key, no ticket and no data of an application in it,
 * only their lengths.
 */
export interface WireTrace {
  /** Which of the case's stream pairs it was, from 1. */
  readonly stream: number
  /** In the order in which they were sent. */
  readonly records: readonly TracedRecord[]
  /** How many records are left out in the middle. */
  readonly omitted: number
  /** When the ends stopped sending, or were closed, in this order. */
  readonly ends: readonly TracedEnd[]
  /** What is no TLS, and who sent it. */
  readonly problems: readonly TracedProblem[]
}

/** One record of a {@link WireTrace}. */
export interface TracedRecord {
  /** Its number among those of its sender, from 0. */
  readonly index: number
  /** Who sent it. */
  readonly from: TraceSide
  /** When it was sent. */
  readonly sentAt: number
  /** When the other end had read it as a whole; `null` if it never did. */
  readonly receivedAt: number | null
  /** Number of its type (RFC 8446 §5.1). */
  readonly type: number
  /** Length of its fragment, in bytes. */
  readonly length: number
  /** Types of the handshake messages in the clear that are complete with it (RFC 8446 §4). */
  readonly messages: readonly number[]
  /** Number of the alert, where it is in the clear (RFC 8446 §6); `null` otherwise. */
  readonly alert: number | null
  /** What the client says in it; `null` without a ClientHello. */
  readonly clientHello: TracedClientHello | null
  /** What the server answers in it; `null` without a ServerHello. */
  readonly serverHello: TracedServerHello | null
}

/** What is worth knowing of a ClientHello. @see RFC 8446 §4.1.2 */
export interface TracedClientHello {
  /** Versions on offer, for example 0x0304, in the client's order. */
  readonly versions: readonly number[]
  /** Server name (SNI); `null` without one. */
  readonly serverName: string | null
  /** ALPN protocols. */
  readonly protocols: readonly string[]
  /** Numbers of the cipher suites, in the client's order. */
  readonly cipherSuites: readonly number[]
  /** Numbers of the named groups, in the client's order (RFC 8446 §4.2.7). */
  readonly groups: readonly number[]
  /** Types of all extensions, in their order. */
  readonly extensions: readonly number[]
  /** Length of the session ID, in bytes. */
  readonly sessionId: number
  /** Length of the ticket of RFC 5077: 0 asks for one, `null` does not. */
  readonly sessionTicket: number | null
  /** Length of each TLS 1.3 ticket on offer. */
  readonly preSharedKeys: readonly number[]
  /** Whether early data follows. */
  readonly earlyData: boolean
}

/** What is worth knowing of a ServerHello. @see RFC 8446 §4.1.3 */
export interface TracedServerHello {
  /** Version agreed on, for example 0x0304. */
  readonly version: number
  /** Number of the cipher suite agreed on. */
  readonly cipherSuite: number
  /** Length of the session ID, in bytes. */
  readonly sessionId: number
  /** Which of the client's TLS 1.3 tickets is resumed, from 0; `null` if none is. */
  readonly selectedPsk: number | null
  /** Whether it is a HelloRetryRequest. */
  readonly isRetryRequest: boolean
}

/** An end that stopped. */
export interface TracedEnd {
  /** Whose end it is. */
  readonly from: TraceSide
  /** `close-write`: it sends no more; `close`: closed; `abort`: given up. */
  readonly how: 'close-write' | 'close' | 'abort'
  /** When. */
  readonly at: number
}

/** Bytes that are no TLS. */
export interface TracedProblem {
  /** Who sent them. */
  readonly from: TraceSide
  /** Why they are none. */
  readonly what: string
}
