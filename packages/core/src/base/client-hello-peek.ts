import { TlsError } from '../errors.js'
import type { IoStream } from '../streams/io-stream.js'
import { withUnread } from '../streams/unread.js'
import { type ClientHello, parseClientHello } from '../wire/client-hello.js'
import { HandshakeReader, HandshakeType } from '../wire/handshake-reader.js'
import { concat, RecordReader, RecordType } from '../wire/record-reader.js'

/** What a client said first, and the stream from which an engine reads it once more. */
export interface PeekedClientHello {
  /** `undefined` if it is no ClientHello: the engine then says what is wrong, to the client too. */
  readonly hello: ClientHello | undefined
  readonly stream: IoStream
}

/**
 * Looks at a ClientHello before the engine answers it: some engines end the handshake where GIO
 * goes on, or forget what the client said when they resume a session.
 *
 * @throws {@link TlsError} `TLS_NOT_TLS` if the stream ends before.
 */
export async function peekClientHello(stream: IoStream): Promise<PeekedClientHello> {
  const records = new RecordReader()
  const messages = new HandshakeReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let hello: ClientHello | undefined
  while (hello === undefined && records.problem === undefined && length < MOST_BYTES) {
    const chunk = await stream.read()
    if (chunk === null) {
      throw new TlsError('TLS_NOT_TLS', 'The peer ended the stream during the TLS handshake.')
    }
    chunks.push(chunk)
    length += chunk.length
    const complete = records.push(chunk)
    const first = complete.flatMap((record) => messages.push(record))[0]
    const isSomethingElse = complete.some(({ type }) => type !== RecordType.HANDSHAKE)
    if (first === undefined && !isSomethingElse && !messages.done) continue
    if (first?.type !== HandshakeType.CLIENT_HELLO) break
    const parsed = parseClientHello(first.body)
    if (!parsed.ok) break
    hello = parsed.value
  }
  return { hello, stream: withUnread(stream, concat(...chunks)) }
}

/** Larger than any ClientHello; a client that sends more without one is left to the engine. */
const MOST_BYTES = 65_536
