import { IoError, type IoErrorCode } from '../errors.js'

const codes: ReadonlyMap<string, IoErrorCode> = new Map([
  ['ECONNRESET', 'IO_BROKEN_PIPE'],
  ['ECONNABORTED', 'IO_BROKEN_PIPE'],
  ['EPIPE', 'IO_BROKEN_PIPE'],
  // A stream below a stream was dropped while it was written to.
  ['ECANCELED', 'IO_BROKEN_PIPE'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'IO_BROKEN_PIPE'],
  ['ECONNREFUSED', 'IO_CONNECTION_REFUSED'],
  ['ENOTFOUND', 'IO_HOST_NOT_FOUND'],
  ['EAI_AGAIN', 'IO_HOST_NOT_FOUND'],
  ['EHOSTUNREACH', 'IO_HOST_UNREACHABLE'],
  ['ENETUNREACH', 'IO_HOST_UNREACHABLE'],
  ['ETIMEDOUT', 'IO_TIMED_OUT'],
  ['EMSGSIZE', 'IO_MESSAGE_TOO_LARGE'],
  ['ERR_SOCKET_DGRAM_NOT_RUNNING', 'IO_CLOSED'],
  ['ERR_STREAM_DESTROYED', 'IO_CLOSED'],
  ['ERR_STREAM_WRITE_AFTER_END', 'IO_CLOSED'],
])

/**
 * A Node error as {@link IoError}, with its cause; one that is already ours stays as it is.
 *
 * @param doing - what failed, to begin the message with: `Connecting to example.org port 443`.
 */
export function ioErrorFrom(error: unknown, doing: string): Error {
  if (error instanceof Error && 'code' in error) {
    if (/^(?:TLS|IO)_/.test(String(error.code))) return error
    const code = codes.get(String(error.code))
    if (code !== undefined)
      return new IoError(code, `${doing}: ${sentence(code)}.`, { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  return new IoError('IO_FAILED', `${doing}: ${message}`, { cause: error })
}

function sentence(code: IoErrorCode): string {
  return sentences[code] ?? 'the operation failed'
}

const sentences: Partial<Record<IoErrorCode, string>> = {
  IO_BROKEN_PIPE: 'the peer dropped the connection',
  IO_CONNECTION_REFUSED: 'nothing listens there',
  IO_HOST_NOT_FOUND: 'the name has no address',
  IO_HOST_UNREACHABLE: 'there is no route to it',
  IO_TIMED_OUT: 'it took too long',
  IO_MESSAGE_TOO_LARGE: 'it is too large',
  IO_CLOSED: 'it is closed',
}
