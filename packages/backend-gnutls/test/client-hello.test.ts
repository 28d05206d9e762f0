import { createGnutlsBackend, type GnutlsBackendOptions } from '@tlsio/backend-gnutls'
import { memoryStreamPair, TlsSession } from '@tlsio/core'
import { type ClientHello, HandshakeReader, parseClientHello, RecordReader } from '@tlsio/core/wire'
import test from 'ava'
import { ClientRole } from '#src/client-role.js'
import { engineContext } from '#src/engine-context.js'
import { openGnutls } from '#src/gnutls.js'
import { StreamEngine } from '#src/stream-engine.js'
import { certificate, clientParameters, database, sentBy, serverIdentity } from './support.js'

/** Numbers of IANA. */
const SUPPORTED_GROUPS = 10
const KEY_SHARE = 51
const P256 = 0x0017
const X25519 = 0x001d
const AES_128_GCM_SHA256 = 0x1301

/** What a client with this session says. */
function helloOf(session: Uint8Array | undefined, options: GnutlsBackendOptions = {}): ClientHello {
  const context = engineContext(openGnutls(), options)
  const engine = new StreamEngine(context, new ClientRole(context, 'stream'))
  void engine.start({ ...clientParameters, session })
  const messages = new HandshakeReader()
  const [message] = sentBy(engine)
    .flatMap((bytes) => new RecordReader().push(bytes))
    .flatMap((record) => messages.push(record))
  engine.release()
  const hello = parseClientHello(message?.body ?? new Uint8Array(0))
  if (!hello.ok) throw new Error(hello.problem)
  return hello.value
}

function extensionOf({ extensions }: ClientHello, number: number): DataView {
  const { data } = extensions.find(({ type }) => type === number) ?? {}
  if (data === undefined) throw new Error(`There is no extension ${number}.`)
  return new DataView(data.buffer, data.byteOffset, data.length)
}

/** Groups of the key shares. */
function sharesOf(hello: ClientHello): readonly number[] {
  const view = extensionOf(hello, KEY_SHARE)
  const groups: number[] = []
  for (let at = 2; at < view.byteLength; at += 4 + view.getUint16(at + 2)) {
    groups.push(view.getUint16(at))
  }
  return groups
}

/** All groups, in its order. */
function groupsOf(hello: ClientHello): readonly number[] {
  const view = extensionOf(hello, SUPPORTED_GROUPS)
  const count = (view.byteLength - 2) / 2
  return Array.from({ length: count }, (_, at) => view.getUint16(2 + 2 * at))
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

test('client-hello/key-shares/of-a-client-without-a-session', (t) => {
  t.deepEqual(sharesOf(helloOf(undefined)), [X25519, P256])
})

test('client-hello/key-shares/of-the-group-that-the-server-took', async (t) => {
  t.deepEqual(sharesOf(helloOf(await sessionWith(undefined))), [X25519])
})

test('client-hello/key-shares/of-both-where-the-server-took-the-other', async (t) => {
  const session = await sessionWith('NORMAL:-GROUP-ALL:+GROUP-SECP256R1')
  t.deepEqual(sharesOf(helloOf(session)), [X25519, P256])
})

test('client-hello/key-shares/of-both-where-the-application-has-its-priorities', async (t) => {
  const priority = 'NORMAL:-GROUP-ALL:+GROUP-SECP256R1:+GROUP-X25519'
  const session = await sessionWith(undefined)
  t.deepEqual(sharesOf(helloOf(session, { priority })), [P256, X25519])
})

const normal = helloOf(undefined, { priority: 'NORMAL' })
const ours = helloOf(undefined)
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)

test('client-hello/cipher-suites/as-normal-with-another-favourite', (t) => {
  t.is(ours.cipherSuites[0], AES_128_GCM_SHA256)
  t.deepEqual(sorted(ours.cipherSuites), sorted(normal.cipherSuites))
})

test('client-hello/groups/as-normal-with-another-favourite', (t) => {
  t.is(groupsOf(ours)[0], X25519)
  t.deepEqual(sorted(groupsOf(ours)), sorted(groupsOf(normal)))
})
