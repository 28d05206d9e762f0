import type { ClientHello } from '@tlsio/core/wire'
import { sameBytes } from './encoding.js'
import { cookieOf, type RetryRequest, supportedGroups } from './hello-messages.js'
import { groupWithoutShare, hasShare } from './key-exchange.js'
import { fatal } from './server-messages.js'

/**
 * What the client has to change before it is answered; `undefined` if its hello will do.
 *
 * @param always - it has to change something in any case.
 */
export function wantedRetry(
  hello: ClientHello,
  shares: ReadonlyMap<number, Uint8Array>,
  always: boolean | undefined,
): RetryRequest | undefined {
  const group = groupWithoutShare(supportedGroups(hello), shares)
  if (always === true) {
    // A client that has sent all its shares can still be given something to bring back.
    const cookie = group === undefined ? crypto.getRandomValues(new Uint8Array(16)) : undefined
    return { group, cookie }
  }
  return hasShare(shares) || group === undefined ? undefined : { group, cookie: undefined }
}

/** Fails unless the second ClientHello was changed as asked (RFC 8446 §4.1.2). */
export function requireRetried(
  { group, cookie }: RetryRequest,
  hello: ClientHello,
  shares: ReadonlyMap<number, Uint8Array>,
): void {
  if (group !== undefined && !shares.has(group)) {
    throw fatal('illegal_parameter', 'The client has sent no share of the group it was asked for.')
  }
  const brought = cookieOf(hello)
  if (cookie !== undefined && (brought === undefined || !sameBytes(cookie, brought))) {
    throw fatal('illegal_parameter', 'The client has not brought back the cookie.')
  }
}
