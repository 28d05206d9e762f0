import { IoError, TlsError } from '@tlsio/core'
import type { Kind, PlayerEnd } from './player-end.js'

/** Codes that the doc comments of `TlsConnection` name, for each of its methods. */
const handshake = [
  'TLS_NOT_TLS',
  'TLS_BAD_CERTIFICATE',
  'TLS_HANDSHAKE',
  'TLS_CERTIFICATE_REQUIRED',
  'TLS_INAPPROPRIATE_FALLBACK',
  'TLS_MISC',
  'IO_CLOSED',
  'IO_BROKEN_PIPE',
]
const end = [
  'IO_BROKEN_PIPE',
  'TLS_MISC',
  'TLS_HANDSHAKE',
  'TLS_BAD_CERTIFICATE',
  'TLS_CERTIFICATE_REQUIRED',
]
const documented: Readonly<Record<Kind, readonly string[]>> = {
  handshake,
  read: [...handshake, 'TLS_EOF', 'IO_PENDING'],
  write: [...handshake, 'IO_PENDING'],
  close: end,
  asyncDispose: end,
  closeWrite: end,
  // The second direction to close closes the connection.
  closeRead: end,
}

/** What nobody but a faulty stream, an attacker or an `abort` can be the reason of. */
const onlyIfDisturbed = ['TLS_MISC', 'TLS_EOF', 'TLS_BAD_CERTIFICATE', 'TLS_HANDSHAKE']

/** What is wrong with the error that `kind` ended with, `undefined` if nothing is. */
export function complaint(
  kind: Kind,
  error: unknown,
  { reasons, aborted }: PlayerEnd,
  disturbed: boolean,
): string | undefined {
  if (reasons.has(error)) {
    const takesSignal = kind === 'handshake' || kind === 'read' || kind === 'write'
    return takesSignal || aborted ? undefined : `${kind} rejects with somebody else's reason`
  }
  // An abort ends a close that still waits, by default with this code.
  if (aborted && (error as { code?: unknown }).code === 'IO_CLOSED') return undefined
  if (!(error instanceof TlsError) && !(error instanceof IoError)) {
    return `${kind} rejects with ${describe(error)}`
  }
  if (!documented[kind].includes(error.code)) return `${kind} rejects with ${describe(error)}`
  if (!disturbed && onlyIfDisturbed.includes(error.code)) {
    return `${kind} on a good stream rejects with ${describe(error)}`
  }
  return undefined
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
