import { IoError, type TlsClientConnection, TlsError } from '@tlsio/core'
import type { ControlConnection } from './control-connection.js'
import { FtpError } from './reply.js'

/** How long to wait for the server's word about a data connection that has failed. */
const patience = 3000

/**
 * Moves one file or list over a data connection.
 *
 * It was carried out only if the server says so afterwards (2xx): a server that wants the TLS
 * session of the control connection lets the handshake succeed, closes, and answers 522.
 *
 * @param command - named in errors.
 * @param data - not handshaked yet; the server has given its preliminary reply.
 * @param move - reads or writes all of it.
 * @throws FtpError the server's refusal, also when it shows as a failure of the data connection first, which is its
 *   `cause` then.
 */
export async function transfer<T>(
  command: string,
  control: ControlConnection,
  data: TlsClientConnection,
  move: (data: TlsClientConnection) => Promise<T>,
): Promise<T> {
  const done = control.reply(command, 2)
  // A server that refuses now says it here, and may leave the data connection as it is for ever.
  done.catch((refusal: unknown) => data.abort(refusal))
  try {
    const result = await move(data)
    // Whether it all arrived is not ours to say, so an error of the close adds nothing.
    await data.close().catch(() => {})
    await done
    return result
  } catch (error) {
    data.abort(error)
    throw await causeOf(error, done, control)
  }
}

/** The server's word says best why a connection to it broke; the replies also stay in step. */
async function causeOf(
  error: unknown,
  done: Promise<unknown>,
  control: ControlConnection,
): Promise<unknown> {
  const timer = setTimeout(() => control.abort(error), patience)
  try {
    await done
    return error
  } catch (refusal) {
    if (isOurs(error)) return error
    // Who looks for the reason wants to see both.
    if (refusal instanceof FtpError) refusal.cause ??= error
    return refusal
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether we gave up by ourselves: a full disk, an interruption, a certificate we do not accept.
 */
function isOurs(error: unknown): boolean {
  if (error instanceof TlsError) return error.code === 'TLS_BAD_CERTIFICATE'
  return !(error instanceof IoError)
}
