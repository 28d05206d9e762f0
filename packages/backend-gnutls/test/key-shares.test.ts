import { createGnutlsBackend, type GnutlsBackendOptions } from '@tlsio/backend-gnutls'
import { memoryStreamPair, TlsSession } from '@tlsio/core'
import { HandshakeReader, parseClientHello, RecordReader } from '@tlsio/core/wire'
import test from 'ava'
import { ClientRole } from '#src/client-role.js'
import { engineContext } from '#src/engine-context.js'
import { openGnutls } from '#src/gnutls.js'
import { StreamEngine } from '#src/stream-engine.js'
import { certificate, clientParameters, database, sentBy, serverIdentity } from './support.js'

const KEY_SHARE = 51
const P256 = 0x0017
const X25519 = 0x001d

/** The groups that a client with this session sends shares of at once. */
function groupsOffered(
  session: Uint8Array | undefined,
  options: GnutlsBackendOptions = {},
): readonly number[] {
  const context = engineContext(openGnutls(), options)
  const engine = new StreamEngine(context, new ClientRole(context, 'stream'))
  engine.start({ ...clientParameters, session })
  const messages = new HandshakeReader()
  const [message] = sentBy(engine)
    .flatMap((bytes) => new RecordReader().push(bytes))
    .flatMap((record) => messages.push(record))
  engine.release()
  const hello = parseClientHello(message?.body ?? new Uint8Array(0))
  if (!hello.ok) throw new Error(hello.problem)
  const { data } = hello.value.extensions.find(({ type }) => type === KEY_SHARE) ?? {}
  if (data === undefined) throw new Error('There are no key shares.')
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const groups: number[] = []
  for (let at = 2; at < data.length; at += 4 + view.getUint16(at + 2)) {
    groups.push(view.getUint16(at))
  }
  return groups
}

/** A session with a server that takes what the default or these priorities say. */
async function sessionWith(priority: string | undefined): Promise<Uint8Array> {
  const [near, far] = memoryStreamPair()
  const client = createGnutlsBackend().createClientConnection(near, { database, serverIdentity })
  const server = createGnutlsBackend({ priority }).createServerConnection(far, { certificate })
  await Promise.all([client.handshake(), server.handshake()])
  const session = await client.getSession({ wait: 5000 })
  client.abort()
  server.abort()
  return TlsSession.dataOf(session) as Uint8Array
}

test('key-shares/of-a-client-without-a-session', (t) => {
  t.deepEqual(groupsOffered(undefined), [X25519, P256])
})

test('key-shares/of-the-group-that-the-server-took', async (t) => {
  t.deepEqual(groupsOffered(await sessionWith(undefined)), [X25519])
})

test('key-shares/of-both-where-the-server-took-the-other', async (t) => {
  const session = await sessionWith('NORMAL:-GROUP-ALL:+GROUP-SECP256R1')
  t.deepEqual(groupsOffered(session), [X25519, P256])
})

test('key-shares/of-both-where-the-application-has-its-priorities', async (t) => {
  const priority = 'NORMAL:-GROUP-ALL:+GROUP-SECP256R1:+GROUP-X25519'
  t.deepEqual(groupsOffered(await sessionWith(undefined), { priority }), [P256, X25519])
})
