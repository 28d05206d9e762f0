// Data of TLS 1.3 that passes by libgnutls: it must be as if it did not.
import { createCipheriv } from 'node:crypto'
import { concat } from '@tlsio/core/wire'
import test, { type ExecutionContext } from 'ava'
import { openGnutls } from '#src/gnutls.js'
import type { GnutlsSession } from '#src/gnutls-session.js'
import type { StreamEngine } from '#src/stream-engine.js'
import { type EnginePair, openEngines, readBy, sentBy } from './support.js'

const gnutls = openGnutls()
const { functions, library, ledger, memory } = gnutls
/** In libgnutls, but not in the engine: it answers, and libgnutls asks by itself after 2^24 records. */
const keyUpdate = library.koffi
  .load(library.path)
  .func('gnutls_session_key_update', 'int', ['uintptr_t', 'unsigned int'])

type Engine = StreamEngine<never>

function sessionOf(engine: Engine): GnutlsSession {
  return (engine as unknown as { readonly session: GnutlsSession }).session
}

/** `update_requested`, of the peer. */
function updateKey(engine: Engine, isRequested: boolean): void {
  const session = sessionOf(engine)
  const peerToo = 1
  gnutls.require(session.call(() => keyUpdate(session.handle, isRequested ? peerToo : 0)))
}

/** Number of the next record of a direction, as libgnutls has it. */
function sequenceOf(engine: Engine, isRead: boolean): number {
  const number = new Uint8Array(8)
  const { handle } = sessionOf(engine)
  gnutls.require(functions.record_get_state(handle, isRead ? 1 : 0, null, null, null, number))
  return Number(new DataView(number.buffer).getBigUint64(0))
}

function setSequence(engine: Engine, isRead: boolean, sequence: number): void {
  const number = new Uint8Array(8)
  new DataView(number.buffer).setBigUint64(0, BigInt(sequence))
  gnutls.require(functions.record_set_state(sessionOf(engine).handle, isRead ? 1 : 0, number))
}

/** Bytes that differ from place to place. */
function text(length: number, start: number = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => start + at * 7 + (at >> 8))
}

/** An engine that is open takes it at once. */
function give(to: Engine, bytes: Uint8Array): void {
  void to.receive(bytes)
}

/** Gives one what the other has to send, in chunks of a size. */
function pass(from: Engine, to: Engine, size: number = 65_536): void {
  const bytes = concat(...sentBy(from))
  for (let at = 0; at < bytes.length; at += size) give(to, bytes.slice(at, at + size))
}

/** Sends so many bytes. @returns whether they have arrived. */
function say(from: Engine, to: Engine, length: number, size?: number): boolean {
  const content = text(length, length)
  from.write(content)
  pass(from, to, size)
  return Buffer.compare(readBy(to), content) === 0
}

/** So much that both ends do without libgnutls from then on. */
const MUCH = 40_000

/** Two ends of which libgnutls does all. */
async function openTwo(t: ExecutionContext): Promise<EnginePair> {
  const pair = await openEngines()
  t.teardown(() => {
    pair.client.release()
    pair.server.release()
  })
  return pair
}

/** Two ends of which `server` seals and `client` opens without libgnutls. */
async function busyEngines(t: ExecutionContext): Promise<EnginePair> {
  const pair = await openTwo(t)
  const before = ledger.live.cipher ?? 0
  t.true(say(pair.server, pair.client, MUCH))
  t.is(ledger.live.cipher, before + 2)
  return pair
}

/** Encrypts what no engine would send, as the next record of `engine`, and counts it. */
function forge(engine: Engine, type: number, content: Uint8Array, padding: number = 0): Uint8Array {
  // Its sealer, if it has one, gives back the number.
  sessionOf(engine).call(() => 0)
  const { handle } = sessionOf(engine)
  const { record_get_state } = functions
  const part = (read: (made: BigUint64Array) => number) => memory.borrowed(read) as Uint8Array
  const iv = part((made) => record_get_state(handle, 0, null, made, null, null))
  const key = part((made) => record_get_state(handle, 0, null, null, made, null))
  const sequence = sequenceOf(engine, false)
  const view = new DataView(iv.buffer)
  view.setBigUint64(4, view.getBigUint64(4) ^ BigInt(sequence))
  const inner = concat(content, Uint8Array.of(type), new Uint8Array(padding))
  const length = inner.length + 16
  const header = Uint8Array.of(23, 3, 3, length >> 8, length & 255)
  const cipher = createCipheriv('aes-128-gcm', key, iv).setAAD(header)
  const body = concat(cipher.update(inner), cipher.final(), cipher.getAuthTag())
  setSequence(engine, false, sequence + 1)
  return concat(header, body)
}

/** Alerts to the peer, level and description, that it decrypts. */
function alertOf(from: Engine, to: Engine): string {
  try {
    pass(from, to)
  } catch (error) {
    return `alert ${(error as { alert?: number }).alert}`
  }
  return to.hasEnded ? 'close_notify' : 'none'
}

for (const size of [1, 5, 100, 16_383, 16_406, 65_536]) {
  test.serial(`data-records/both-directions/chunks-of-${size}`, async (t) => {
    const { client, server } = await openEngines()
    const lengths = [MUCH, 1, 16_384, 16_385, 65_536, 300, 32_768, 50_000]
    for (const length of size < 100 ? lengths.slice(0, 3) : lengths) {
      t.true(say(server, client, length, size), `${length} to the client`)
      t.true(say(client, server, length, size), `${length} to the server`)
    }
    client.release()
    server.release()
  })
}

for (const [name, priority] of Object.entries({
  'aes-256-gcm': 'NORMAL:-CIPHER-ALL:+AES-256-GCM',
  'chacha20-poly1305': 'NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305',
  'aes-128-ccm': 'NORMAL:-CIPHER-ALL:+AES-128-CCM',
  'aes-128-ccm-8': 'NORMAL:-CIPHER-ALL:+AES-128-CCM-8',
})) {
  test.serial(`data-records/every-cipher/${name}`, async (t) => {
    const before = ledger.live.cipher ?? 0
    const { client, server } = await openEngines({ priority })
    for (const length of [MUCH, 1, 65_536]) {
      t.true(say(client, server, length, 20_000))
      t.true(say(server, client, length, 20_000))
    }
    t.true((ledger.live.cipher ?? 0) > before)
    server.closeNotify()
    t.is(alertOf(server, client), 'close_notify')
    client.release()
    server.release()
  })
}

/** What a reader may hold on to, without knowing. */
test.serial('data-records/little-data-keeps-little-memory', async (t) => {
  const { client, server } = await busyEngines(t)
  for (const wrap of [(bytes: Uint8Array) => bytes, (bytes: Uint8Array) => Buffer.from(bytes)]) {
    for (let count = 0; count < 5; count++) {
      give(client, wrap(forge(server, 23, text(1), 16_000)))
      const chunk = client.takePlaintext() as Uint8Array
      t.deepEqual(chunk, text(1))
      t.is(chunk.constructor, Uint8Array)
      t.is(chunk.buffer.byteLength, 1)
    }
  }
})

test.serial('data-records/memory-of-others-is-left-alone', async (t) => {
  const { client, server } = await busyEngines(t)
  for (const length of [3000, 16_384]) {
    const record = forge(server, 23, text(length))
    const pool = Buffer.from(concat(text(10), record, text(10)))
    give(client, pool.subarray(10, 10 + record.length))
    const chunk = client.takePlaintext() as Uint8Array
    t.deepEqual(chunk, text(length))
    t.not(chunk.buffer, pool.buffer)
    t.deepEqual(new Uint8Array(pool), concat(text(10), record, text(10)))
  }
})

test.serial('data-records/keys-do-not-outlive-the-engine', async (t) => {
  const before = ledger.live.cipher ?? 0
  const { client, server } = await openEngines()
  // What libgnutls receives on the server's side ends its sealing.
  for (let count = 0; count < 2; count++) {
    t.true(say(client, server, MUCH))
    t.true(say(server, client, MUCH))
  }
  t.is(ledger.live.cipher, before + 4)
  client.release()
  server.release()
  t.is(ledger.live.cipher ?? 0, before)
})

test.serial('data-records/what-says-little-needs-none', async (t) => {
  const before = ledger.live.cipher ?? 0
  const { client, server } = await openEngines()
  for (let count = 0; count < 20; count++) {
    t.true(say(server, client, 1000))
    t.true(say(client, server, 1000))
  }
  t.is(ledger.live.cipher ?? 0, before)
  client.release()
  server.release()
})

test.serial('data-records/a-limit-of-ones-own-is-libgnutls-s-to-keep', async (t) => {
  const before = ledger.live.cipher ?? 0
  const { client, server } = await openEngines({ maxRecordSize: 8192 })
  t.true(say(server, client, MUCH))
  t.true(say(client, server, MUCH))
  t.is(ledger.live.cipher ?? 0, before)
  client.release()
  server.release()
})

for (const isRequested of [false, true]) {
  const name = isRequested ? 'of-both-directions' : 'of-one-direction'
  test.serial(`data-records/key-update/${name}`, async (t) => {
    const { client, server } = await busyEngines(t)
    t.true(say(client, server, MUCH))
    for (const [from, to] of [
      [server, client],
      [client, server],
    ] as const) {
      for (let count = 0; count < 3; count++) {
        updateKey(from, isRequested)
        t.is(sequenceOf(from, false), 0)
        t.true(say(from, to, MUCH))
        t.true(say(to, from, MUCH))
      }
    }
  })
}

test.serial('data-records/key-update/after-so-many-records', async (t) => {
  const { client, server } = await openTwo(t)
  // Nobody waits for sixteen million of them.
  setSequence(server, false, 2 ** 24 - 40)
  setSequence(client, true, 2 ** 24 - 40)
  for (let count = 0; count < 30; count++) t.true(say(server, client, 32_768))
  sessionOf(server).call(() => 0)
  t.true(sequenceOf(server, false) < 60)
  t.true(say(server, client, MUCH))
})

test.serial('data-records/padding-is-taken-off', async (t) => {
  const { client, server } = await busyEngines(t)
  for (const padding of [1, 200]) {
    give(client, forge(server, 23, text(3000), padding))
    t.deepEqual(readBy(client), text(3000))
  }
  t.true(say(server, client, MUCH))
})

test.serial('data-records/empty-ones-bring-nothing', async (t) => {
  const { client, server } = await busyEngines(t)
  give(client, forge(server, 23, new Uint8Array(0)))
  give(client, forge(server, 23, new Uint8Array(0), 100))
  t.is(readBy(client).length, 0)
  t.true(say(server, client, MUCH))
})

test.serial('data-records/the-end-is-libgnutls-s-to-see', async (t) => {
  const { client, server } = await busyEngines(t)
  const content = text(MUCH)
  server.write(content)
  server.closeNotify()
  pass(server, client)
  t.deepEqual(readBy(client), content)
  t.true(client.hasEnded)
  // The other way: what libgnutls says comes in its turn.
  t.true(say(client, server, MUCH))
  client.closeNotify()
  t.is(alertOf(client, server), 'close_notify')
})

test.serial('data-records/an-alert-of-the-peer', async (t) => {
  const { client, server } = await busyEngines(t)
  const alert = forge(server, 21, Uint8Array.of(2, 40))
  t.throws(() => give(client, alert), { code: 'TLS_HANDSHAKE' } as object)
})

/** What is refused behind good data, and the alert that says so. */
const refused: Readonly<
  Record<string, { make(server: Engine): Uint8Array; readonly alert: number }>
> = {
  'a-changed-byte': {
    make: (server) => {
      const record = forge(server, 23, text(16_384))
      record[9000] = (record[9000] ?? 0) ^ 1
      return record
    },
    alert: 20,
  },
  'a-changed-tag': {
    make: (server) => {
      const record = forge(server, 23, text(5000))
      record[record.length - 1] = (record.at(-1) ?? 0) ^ 128
      return record
    },
    alert: 20,
  },
  'a-changed-length': {
    make: (server) => {
      const record = forge(server, 23, text(5000))
      record[4] = (record[4] ?? 0) - 1
      return record
    },
    alert: 20,
  },
  'one-that-is-too-short': { make: () => Uint8Array.of(23, 3, 3, 0, 1, 0), alert: 20 },
  'zeros-and-no-type': {
    make: (server) => forge(server, 0, new Uint8Array(100), 100),
    alert: 20,
  },
  'more-content-than-a-record-has': {
    make: (server) => forge(server, 23, text(16_385)),
    alert: 22,
  },
  'more-padding-than-a-record-has': {
    make: (server) => forge(server, 23, text(16_384), 200),
    alert: 22,
  },
  'a-header-of-too-much-with-much-behind-it': {
    make: () => concat(Uint8Array.of(23, 3, 3, 0x4e, 0x20), new Uint8Array(20_000)),
    alert: 22,
  },
  'another-version-with-much-behind-it': {
    make: () => concat(Uint8Array.of(23, 3, 1, 0x40, 0), new Uint8Array(16_384)),
    alert: 70,
  },
  'a-type-that-is-none-with-much-behind-it': {
    make: () => concat(Uint8Array.of(99, 3, 3, 0x40, 0), new Uint8Array(30_000)),
    alert: 10,
  },
  'a-type-that-is-none': { make: (server) => forge(server, 99, text(5000)), alert: 10 },
  'a-handshake-message-in-the-clear': {
    make: () => concat(Uint8Array.of(22, 3, 3, 0, 40), new Uint8Array(40)),
    alert: 10,
  },
  'data-in-the-midst-of-a-message': {
    make: (server) => {
      // A ticket's header, and no ticket.
      const message = forge(server, 22, Uint8Array.of(4, 0, 1, 0))
      return concat(message, forge(server, 23, text(16_384)))
    },
    alert: 10,
  },
}

for (const [name, { make, alert }] of Object.entries(refused)) {
  for (const [how, prepare] of [
    ['as-libgnutls-does', openTwo],
    ['in-its-place', busyEngines],
  ] as const) {
    test.serial(`data-records/refused/${name}/${how}`, async (t) => {
      const { client, server } = await prepare(t)
      const good = forge(server, 23, text(3000))
      const bad = make(server)
      t.throws(() => give(client, concat(good, bad)))
      t.deepEqual(readBy(client), text(3000))
      t.is(alertOf(client, server), `alert ${alert}`)
    })
  }
}
