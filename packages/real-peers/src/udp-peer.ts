// A real DTLS server: started on a UDP port, and stopped at the end.
import { Child, type Scope } from './child.js'
import { type Peer, type Recipe, scratchFolder } from './peer.js'
import { reservePort } from './ports.js'

/**
 * Starts a server in a folder of its own, until the end of `scope`.
 *
 * @param ready - what it says when it listens: nothing else tells of a UDP port.
 */
export async function startUdpPeer(scope: Scope, recipe: Recipe, ready: RegExp): Promise<Peer> {
  const folder = await scratchFolder(scope)
  for (let attempt = 1; ; attempt++) {
    const port = await reservePort(scope)
    const child = new Child(scope, await recipe({ folder, port }), { cwd: folder })
    const isReady = await child.said(ready).then(
      () => true,
      () => false,
    )
    if (isReady) return { port, child }
    // Somebody else may have taken the port.
    if (attempt === 3) throw new Error(`The server did not start:\n${child.output}`)
  }
}
