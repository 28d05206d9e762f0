// How a server ends a connection, seen with truncation detection and without.
import type { ExecutionContext } from 'ava'
import { Client, only, readToEnd } from './client.js'
import type { Peer } from './peer.js'
import type { DefineTest } from './programs.js'
import type { Subject } from './subject.js'

/** Adds tests for each version that the server's last answer is followed by `close_notify`. */
export function defineEndingTests(
  subject: Subject,
  define: DefineTest,
  start: (t: ExecutionContext) => Promise<{ readonly port: number }>,
  request: string,
  answer: RegExp,
): void {
  for (const version of subject.versions) {
    for (const requireCloseNotify of [true, false]) {
      define(`${version}/server-ends/require-close-notify-${requireCloseNotify}`, async (t) => {
        const { port } = await start(t)
        const client = new Client(t, subject, port, { ...only(version), requireCloseNotify })
        for (const resumed of [false, true]) {
          const connection = await client.open()
          await connection.write(Buffer.from(request))
          t.regex((await readToEnd(connection)).toString('latin1'), answer)
          t.is(connection.isSessionResumed, resumed)
          await connection.close()
        }
      })
    }
  }
}

/** Adds tests for each version that a server's death is not taken for the end of what it says. */
export function defineTruncationTests(
  subject: Subject,
  define: DefineTest,
  start: (t: ExecutionContext) => Promise<Peer>,
): void {
  for (const version of subject.versions) {
    for (const requireCloseNotify of [true, false]) {
      define(`${version}/server-dies/require-close-notify-${requireCloseNotify}`, async (t) => {
        const { port, child } = await start(t)
        const options = { ...only(version), requireCloseNotify }
        const connection = await new Client(t, subject, port, options).open()
        await connection.handshake()
        await child.kill()
        if (requireCloseNotify) await t.throwsAsync(connection.read(), { code: 'TLS_EOF' })
        else t.is(await connection.read(), null)
        await connection.close()
      })
    }
  }
}
