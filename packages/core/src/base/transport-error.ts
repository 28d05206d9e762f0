import { IoError } from '../errors.js'

/**
 * An error of the stream below a connection, as the connection tells it. Who finds that stream
 * closed has not closed the connection: to it, the transport broke.
 */
export function transportError(error: unknown): unknown {
  if (!(error instanceof IoError) || error.code !== 'IO_CLOSED') return error
  return new IoError('IO_BROKEN_PIPE', 'The stream below the connection was closed.', {
    cause: error,
  })
}
