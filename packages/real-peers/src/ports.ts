// Ports for servers that cannot be told "any" and then say which.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { Scope } from './child.js'

/**
 * A port on 127.0.0.1 for a server that starts later. Not one that binding port 0 gives: dozens of
 * tests look for ports at the same time, and the system gives a port to another before the server
 * has started.
 *
 * So it is below those that the system hands out, and we hold the next one, which keeps away other
 * threads and processes that take their ports here.
 */
export async function reservePort(scope: Scope): Promise<number> {
  for (;;) {
    const port = FIRST + 2 * Math.floor(Math.random() * PAIRS)
    const reservation = await listen(port + 1)
    if (reservation === undefined) continue
    const probe = await listen(port)
    if (probe !== undefined) {
      await close(probe)
      scope.teardown(() => close(reservation))
      return port
    }
    await close(reservation)
  }
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().unref()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

const FIRST = 30_000
const PAIRS = 1_384
