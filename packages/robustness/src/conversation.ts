import type { TlsConnection } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import type { Pair } from './pair.js'
import { nameOf, outcome, within } from './settle.js'
import { stalled } from './wire.js'

/** What a conversation may fail with if somebody changes it on the way. */
export const allowed: ReadonlySet<string> = new Set([
  'TLS_NOT_TLS',
  'TLS_MISC',
  'TLS_HANDSHAKE',
  'TLS_BAD_CERTIFICATE',
  'TLS_CERTIFICATE_REQUIRED',
  'TLS_INAPPROPRIATE_FALLBACK',
  'TLS_EOF',
  'IO_BROKEN_PIPE',
])

/** What became of a conversation. */
export interface Conversation {
  /** `ok`, or the code of the error, of the client and of the server. */
  readonly ends: readonly string[]
  /** Whether nothing was read but what was said, from its beginning on. */
  readonly same: boolean
}

/** A handshake, and `word` each way. */
export async function converse(pair: Pair, word: Uint8Array): Promise<Conversation> {
  const heard: Uint8Array[] = []
  const both = Promise.all([speak(pair.client, word, heard), speak(pair.server, word, heard)])
  const ends = await ended(both, pair)
  const same = heard.every((part) => Buffer.compare(part, word.subarray(0, part.length)) === 0)
  return { ends, same }
}

async function speak(
  connection: TlsConnection,
  word: Uint8Array,
  heard: Uint8Array[],
): Promise<string> {
  let part: Uint8Array = new Uint8Array(0)
  const listen = async () => {
    // A word may arrive in parts.
    while (part.length < word.length) {
      const chunk = await connection.read()
      if (chunk === null) return
      part = concat(part, chunk)
    }
  }
  const result = await outcome(Promise.all([connection.write(word), listen()]))
  heard.push(part)
  if ('value' in result) return 'ok'
  await outcome(connection.close())
  return nameOf(result.error)
}

/** Where both wait for bytes that will not come, the network gives up in the end. */
export async function ended<T>(work: Promise<T>, { clientWire, serverWire }: Pair): Promise<T> {
  const done = work.then(() => true)
  const wires = [clientWire, serverWire]
  while (!(await Promise.race([done, stalled(wires)]))) {
    for (const wire of wires) await wire.closeWrite()
  }
  return within(work, () => 'an end hangs')
}
