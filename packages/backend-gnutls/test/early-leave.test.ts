import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { type IoStream, memoryStreamPair, type TlsClientConnection } from '@tlsio/core'
import test from 'ava'
import { certificate, database, serverIdentity } from './support.js'

const backend = createGnutlsBackend()

/** A stream from which nothing but the first chunk is read before `gate` opens. */
function gated(stream: IoStream, gate: Promise<void>): IoStream {
  let isFirst = true
  return {
    async read() {
      if (!isFirst) await gate
      isFirst = false
      return stream.read()
    },
    write: (chunk) => stream.write(chunk),
    closeWrite: () => stream.closeWrite(),
    close: () => stream.close(),
    abort: (reason) => stream.abort(reason),
  }
}

/** Says something at once and goes, before the server has read so far. @returns what the server heard. */
async function sayAndGo(from: TlsClientConnection | undefined): Promise<{
  readonly client: TlsClientConnection
  readonly heard: string
}> {
  const [near, far] = memoryStreamPair()
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const client = backend.createClientConnection(near, { database, serverIdentity })
  if (from !== undefined) client.copySessionState(from)
  const server = backend.createServerConnection(gated(far, gate), { certificate })
  const hearing = (async () => {
    let heard = ''
    for (let chunk = await server.read(); chunk !== null; chunk = await server.read()) {
      heard += new TextDecoder().decode(chunk)
    }
    return heard
  })()
  await client.write(new TextEncoder().encode('a line for the log'))
  await client.close()
  open()
  const heard = await hearing
  server.abort()
  return { client, heard }
}

test('early-leave/is-heard-after-a-full-handshake', async (t) => {
  t.is((await sayAndGo(undefined)).heard, 'a line for the log')
})

test('early-leave/is-heard-by-a-server-that-resumes', async (t) => {
  const [near, far] = memoryStreamPair()
  const source = backend.createClientConnection(near, { database, serverIdentity })
  const server = backend.createServerConnection(far, { certificate })
  await Promise.all([source.handshake(), server.handshake()])
  await source.getSession({ wait: 5000 })
  const { client, heard } = await sayAndGo(source)
  t.true(client.isSessionResumed)
  t.is(heard, 'a line for the log')
  source.abort()
  server.abort()
})
