// A real server: started on a free port, and stopped at the end.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forLocalhost, testCa } from '@tlsio/conformance/fixtures'
import { connectTcp } from '@tlsio/core/node'
import { Child, type ChildOptions, type Command, type Scope } from './child.js'
import { reservePort } from './ports.js'

/** Where a server is to run. */
export interface Place {
  /** A folder of its own, as {@link scratchFolder} makes it. */
  readonly folder: string
  readonly port: number
}

/** Writes what the server needs into its folder, and says how to start it in the foreground. */
export type Recipe = (place: Place) => Command | Promise<Command>

/** A running server. */
export interface Peer {
  readonly port: number
  /** Its process, and all that it says. */
  readonly child: Child
}

/** Starts a server in a folder of its own, until the end of `scope`. */
export async function startPeer(
  scope: Scope,
  recipe: Recipe,
  user: Omit<ChildOptions, 'cwd'> = {},
): Promise<Peer> {
  const folder = await scratchFolder(scope)
  for (let attempt = 1; ; attempt++) {
    const port = await reservePort(scope)
    const child = new Child(scope, await recipe({ folder, port }), { cwd: folder, ...user })
    if (await listens(child, port)) return { port, child }
    // Somebody else may have taken the port all the same.
    if (attempt === 3) throw new Error(`The server did not start:\n${child.output}`)
  }
}

/**
 * A folder that every user can read, removed at the end. In it are `ca.pem`, and `server.pem` with
 * `server.key` for `localhost` and 127.0.0.1.
 */
export async function scratchFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-peer-'))
  scope.teardown(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'ca.pem'), testCa)
  await writeFile(join(folder, 'server.pem'), forLocalhost.certificate)
  await writeFile(join(folder, 'server.key'), forLocalhost.privateKey)
  return folder
}

/** Connects until it works; `false` if the server has ended instead, or needs over 10 s. */
async function listens(child: Child, port: number): Promise<boolean> {
  const signal = AbortSignal.timeout(10_000)
  while (child.isRunning && !signal.aborted) {
    const stream = await connectTcp({ host: '127.0.0.1', port, signal }).catch(() => undefined)
    if (stream === undefined) continue
    await stream.close()
    return child.isRunning
  }
  return false
}
