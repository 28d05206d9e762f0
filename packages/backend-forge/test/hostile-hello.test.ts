import { createForgeBackend } from '@tlsio/backend-forge'
import { memoryStreamPair, type TlsError } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { database, serverIdentity } from './support.js'

/** Answers a client's hello with bytes, and tells its error and the alert it answers with. */
async function answerWith(answer: Uint8Array, asked: { count: number } = { count: 0 }) {
  const [stream, peer] = memoryStreamPair()
  const client = createForgeBackend().createClientConnection(stream, {
    database,
    serverIdentity,
    minVersion: 'TLSv1.1',
    interaction: {
      async requestCertificate() {
        asked.count++
        return 'unhandled'
      },
    },
  })
  const handshake = client.handshake().catch((error: unknown) => error)
  await peer.read()
  await peer.write(answer)
  await peer.closeWrite()
  const { code } = (await handshake) as TlsError
  const alert = await peer.read().catch(() => null)
  return { code, alert: alert?.at(-1), acceptedCas: client.acceptedCas }
}

function record(type: number, body: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(type, 3, 2, body.length >> 8, body.length & 255), body)
}

function message(type: number, body: Uint8Array): Uint8Array {
  return record(22, concat(Uint8Array.of(type, 0, body.length >> 8, body.length & 255), body))
}

function serverHello(version: number, ...extensions: readonly number[][]): Uint8Array {
  const all = extensions.flat()
  const vector = all.length === 0 ? [] : [all.length >> 8, all.length & 255, ...all]
  const fixed = [version >> 8, version & 255, ...Array(32).fill(7), 0, 0x00, 0x2f, 0]
  return message(2, Uint8Array.of(...fixed, ...vector))
}

const supportedVersions = [0, 43, 0, 2, 3, 2]

test('hostile-hello/older-version-than-asked-for', async (t) => {
  for (const version of [0x0300, 0x0301, 0x0303, 0x0202]) {
    const { code, alert } = await answerWith(serverHello(version))
    t.deepEqual([code, alert], ['TLS_HANDSHAKE', 70], version.toString(16))
  }
})

test('hostile-hello/version-in-an-extension-does-not-count', async (t) => {
  const older = await answerWith(serverHello(0x0301, supportedVersions))
  t.deepEqual([older.code, older.alert], ['TLS_HANDSHAKE', 70])
  const same = await answerWith(serverHello(0x0302, supportedVersions))
  t.deepEqual([same.code, same.alert], ['TLS_MISC', 110])
})

test('hostile-hello/extensions-that-were-not-asked-for', async (t) => {
  const alpn = [0, 16, 0, 5, 0, 3, 2, 104, 50]
  const extendedMasterSecret = [0, 23, 0, 0]
  for (const extension of [alpn, extendedMasterSecret]) {
    const { code, alert } = await answerWith(serverHello(0x0302, extension))
    t.deepEqual([code, alert], ['TLS_MISC', 110])
  }
})

test('hostile-hello/word-of-an-earlier-handshake', async (t) => {
  const { alert } = await answerWith(serverHello(0x0302, [0xff, 1, 0, 2, 1, 7]))
  t.is(alert, 40)
})

test('hostile-hello/nobody-is-asked-before-the-server-has-shown-itself', async (t) => {
  const request = message(13, Uint8Array.of(1, 1, 0, 0))
  for (const answer of [request, concat(serverHello(0x0302), request)]) {
    const asked = { count: 0 }
    const { code, alert, acceptedCas } = await answerWith(answer, asked)
    t.deepEqual([code, alert], ['TLS_MISC', 10])
    t.is(asked.count, 0)
    t.is(acceptedCas, null)
  }
})

test('hostile-hello/server-name-is-answered-empty', async (t) => {
  const { alert } = await answerWith(serverHello(0x0302, [0, 0, 0, 0], [0xff, 1, 0, 1, 0]))
  // It is all right, and the stream ends where the certificate should be.
  t.is(alert, undefined)
})
