import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import { memoryStreamPair, type TlsServerConnection } from '@tlsio/core'
import { toDuplex } from '@tlsio/core/node'
import { hex } from '@tlsio/core/wire'
import test from 'ava'
import { readExactly } from '#src/bytes.js'
import { forA, testCa } from '#src/fixtures/fixtures.js'
import { certificateOf } from '#src/fixtures/load.js'
import { ManualClock, ScriptedServer, type ServerScript } from '#src/index.js'

/** What one connection of OpenSSL's client came to. */
interface Visit {
  readonly resumed: boolean
  readonly serverSaysSo: boolean | undefined
  readonly tickets: readonly Buffer[]
  /** The lines of its key log, and of the server's. */
  readonly keyLogs: readonly (readonly string[])[]
  /** What it exports with the label `EXPERIMENTAL` and a context of one byte. */
  readonly exported: string
}

/** Connects, sends a byte each way twice, and closes in order. */
async function visit(server: ScriptedServer, session?: Buffer, ecdhCurve?: string): Promise<Visit> {
  const [near, far] = memoryStreamPair()
  const [theirs, ours]: [string[], string[]] = [[], []]
  const connection = server.createServerConnection(far, {
    certificate: certificateOf(forA),
    keyLog: (line) => ours.push(line),
  })
  const socket = connect({
    socket: toDuplex(near),
    servername: 'a.test',
    ca: testCa,
    session,
    ...(ecdhCurve !== undefined && { ecdhCurve }),
  })
  const tickets: Buffer[] = []
  socket.on('session', (ticket: Buffer) => tickets.push(ticket))
  socket.on('keylog', (line: Buffer) => theirs.push(line.toString('latin1').trimEnd()))
  const failed = once(socket, 'error').then(([error]) => Promise.reject(error))
  try {
    await Promise.race([failed, converse(connection, socket)])
    return {
      resumed: socket.isSessionReused(),
      serverSaysSo: connection.isSessionResumed,
      tickets,
      keyLogs: [theirs, ours],
      exported: socket.exportKeyingMaterial(100, 'EXPERIMENTAL', Buffer.of(1)).toString('hex'),
    }
  } finally {
    failed.catch(() => {})
    socket.destroy()
    connection.abort(new Error('The visit is over.'))
  }
}

async function converse(connection: TlsServerConnection, socket: TLSSocket): Promise<void> {
  await Promise.all([connection.handshake(), once(socket, 'secureConnect')])
  for (const byte of ['1', '2']) {
    const received = once(socket, 'data')
    socket.write(byte)
    const [sent] = await Promise.all([readExactly(connection, 1), received, echo()])
    if (sent[0] !== byte.charCodeAt(0)) throw new Error('Another byte has arrived.')
  }

  async function echo() {
    await connection.write(Uint8Array.of(33))
  }
}

/** Ticket of a first visit; there is one. */
async function ticketOf(server: ScriptedServer): Promise<Buffer> {
  const { tickets } = await visit(server)
  return tickets.at(-1) as Buffer
}

test('scripted-server/tickets-as-the-script-says', async (t) => {
  const given: readonly (readonly [script: ServerScript, full: number, resumed: number])[] = [
    [{}, 2, 1],
    [{ tickets: 1, renewals: 0 }, 1, 0],
    [{ tickets: 5, renewals: 3, when: 'after-data' }, 5, 3],
  ]
  for (const [script, full, resumed] of given) {
    const server = new ScriptedServer(script)
    const first = await visit(server)
    t.false(first.resumed)
    t.is(first.tickets.length, full)
    const second = await visit(server, first.tickets[0])
    t.true(second.resumed)
    t.true(second.serverSaysSo)
    t.is(second.tickets.length, resumed)
    t.deepEqual(
      server.handshakes.map(({ session, offered, resumed }) => ({ session, offered, resumed })),
      [
        { session: 1, offered: 0, resumed: false },
        { session: 1, offered: 1, resumed: true },
      ],
    )
  }
})

test('scripted-server/no-tickets', async (t) => {
  t.is((await visit(new ScriptedServer({ tickets: 0 }))).tickets.length, 0)
})

test('scripted-server/accepts-again-once-or-never', async (t) => {
  const expected = { again: [true, true], once: [true, false], never: [false, false] } as const
  for (const accepts of ['again', 'once', 'never'] as const) {
    const server = new ScriptedServer({ accepts })
    const ticket = await ticketOf(server)
    const visits = [await visit(server, ticket), await visit(server, ticket)]
    t.deepEqual(
      visits.map(({ resumed }) => resumed),
      [...expected[accepts]],
      accepts,
    )
  }
})

test('scripted-server/expires', async (t) => {
  const clock = new ManualClock()
  const server = new ScriptedServer({ lifetime: 60, clock })
  const ticket = await ticketOf(server)
  clock.advance(59_999)
  t.true((await visit(server, ticket)).resumed)
  clock.advance(1)
  t.false((await visit(server, ticket)).resumed)
})

test('scripted-server/a-session-of-its-own-after-each-full-handshake', async (t) => {
  const server = new ScriptedServer()
  const [one, other] = [await ticketOf(server), await ticketOf(server)]
  await visit(server, one)
  await visit(server, other)
  t.deepEqual(
    server.handshakes.map(({ session }) => session),
    [1, 2, 1, 2],
  )
})

test('scripted-server/who-lacks-the-key-does-not-resume', async (t) => {
  const server = new ScriptedServer()
  const ticket = await ticketOf(server)
  // A session in DER has the ticket's key as an octet string of 32 bytes, the first after the session's
  // ID: another key, with the same ticket.
  const keyAt = ticket.indexOf(Buffer.of(0x04, 0x20), ticket.indexOf(Buffer.of(0x04, 0x20)) + 2) + 2
  const forged = Buffer.from(ticket)
  forged[keyAt] = (forged[keyAt] ?? 0) ^ 1
  await t.throwsAsync(visit(server, forged), {
    message: /decrypt error|does not have the key/,
  })
  t.is(server.handshakes.length, 1)
})

test('scripted-server/knows-the-keys-that-openssl-has', async (t) => {
  const server = new ScriptedServer()
  const ticket = await ticketOf(server)
  const { keyLogs, exported, resumed } = await visit(server, ticket)
  t.true(resumed)
  const [theirs = [], ours = []] = keyLogs
  t.is(ours.length, 5)
  t.deepEqual([...theirs].sort(), [...ours].sort())
  const known = server.handshakes[1]?.exportKeyingMaterial('EXPERIMENTAL', 100, Uint8Array.of(1))
  t.is(exported, hex((await known) ?? new Uint8Array()))
})

test('scripted-server/asks-again', async (t) => {
  const server = new ScriptedServer({ retry: true })
  const ticket = await ticketOf(server)
  t.true((await visit(server, ticket)).resumed)
})

test('scripted-server/asks-for-a-group-that-it-has', async (t) => {
  // The first group is the one that OpenSSL sends a share of.
  const groups = 'P-384:P-256'
  t.false((await visit(new ScriptedServer(), undefined, groups)).resumed)
  // With all shares there, and nothing else to ask for, there is a cookie to bring back.
  t.false((await visit(new ScriptedServer({ retry: true }), undefined, 'P-256')).resumed)
})

test('scripted-server/without-a-group-in-common', async (t) => {
  await t.throwsAsync(visit(new ScriptedServer(), undefined, 'P-521'), {
    message: /handshake failure|No key share/,
  })
})

test('scripted-server/updates-its-keys', async (t) => {
  for (const keyUpdate of ['update_not_requested', 'update_requested'] as const) {
    const server = new ScriptedServer({ keyUpdate })
    await visit(server)
    const answers = new Set(server.handshakes[0]?.keyUpdates)
    t.deepEqual([...answers], keyUpdate === 'update_requested' ? ['update_not_requested'] : [])
  }
})
