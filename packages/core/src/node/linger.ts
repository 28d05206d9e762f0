import type { Duplex } from 'node:stream'

/** How long a peer may take to end its side after we have ended ours, in milliseconds. */
const LINGER_TIME = 1000

/**
 * Destroys a stream whose writing side has ended once the peer has ended its own, or after 1,000
 * ms.
 *
 * A socket closed with unread input makes the kernel send a reset, and what we wrote last may be
 * lost with it: TLS 1.3 tickets that nobody read are enough (curl/curl#6149). So input is read and
 * thrown away meanwhile, without keeping the process alive.
 */
export function lingerThenDestroy(duplex: Duplex): void {
  if (duplex.destroyed) return
  if (duplex.readableEnded) {
    duplex.destroy()
    return
  }
  const done = () => {
    clearTimeout(timer)
    duplex.destroy()
  }
  const timer = setTimeout(done, LINGER_TIME)
  timer.unref()
  if ('unref' in duplex && typeof duplex.unref === 'function') duplex.unref()
  duplex.on('error', done).once('close', done)
  duplex.once('end', done).on('data', ignore).resume()
}

function ignore(): void {}
