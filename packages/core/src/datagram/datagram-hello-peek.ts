import type { ClientHello } from '../wire/client-hello.js'
import { parseDatagramHello } from '../wire/datagram-hello.js'
import type { DatagramTransport } from './datagram-transport.js'
import { type DtlsCookies, datagramPeerName } from './dtls-cookies.js'

/** What a client said first; the transport gives it once more to the engine. */
export interface PeekedDatagramHello {
  readonly hello: ClientHello | undefined
  /** As the cookies said of it. */
  readonly cookieState: unknown
}

/**
 * Waits for a ClientHello, one whose sender receives at its address if there are `cookies` to tell.
 * Until then nothing is made for it, and what is something else is dropped: it may be anybody's.
 */
export async function peekDatagramHello(
  transport: DatagramTransport,
  cookies: DtlsCookies | null,
): Promise<PeekedDatagramHello> {
  const peer = datagramPeerName(transport.remoteAddress)
  for (;;) {
    const datagram = await transport.read()
    const first = parseDatagramHello(datagram)
    if (first === undefined) continue
    const verdict = cookies?.check(datagram, peer) ?? { kind: 'verified', state: undefined }
    // A client that does not get it asks again.
    if (verdict.kind === 'challenge') await transport.write(verdict.answer).catch(() => {})
    if (verdict.kind !== 'verified') continue
    transport.putBack(datagram)
    return { hello: first.hello, cookieState: verdict.state }
  }
}
