import { Socket } from 'node:net'
import { Writable } from 'node:stream'
import type { IoStream } from '@tlsio/core'
import { fromDuplex } from '@tlsio/core/node'
import test from 'ava'
import { SocketWriter } from '#src/node/socket-writer.js'

const MIB = 1_048_576

/** A socket whose peer is as fast as we: it has taken everything before the turn ends. */
function fastSocket(): Socket {
  const socket = new Socket()
  socket._write = (_chunk, _encoding, taken) => taken()
  socket._writev = (_chunks, taken) => taken()
  socket._final = (ended) => ended()
  return socket
}

/** How many turns of the event loop pass while `run` goes on. */
async function turnsDuring(run: () => Promise<void>): Promise<number> {
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  await run()
  isOver = true
  return turns
}

for (const how of ['write', 'writeLent'] as const) {
  for (const size of [4_096, 16_384, 65_536, MIB]) {
    test(`socket-writer/${how}/others-have-their-turn/${size}`, async (t) => {
      const stream = fromDuplex(fastSocket()) as Required<IoStream>
      const chunk = new Uint8Array(size)
      const turns = await turnsDuring(async () => {
        for (let sent = 0; sent < 8 * MIB; sent += size) await stream[how](chunk)
      })
      // One more may pass before the first write; as many as there are chunks would be slow.
      t.true(turns >= 8 && turns <= 9, `${turns} turns for 8 MiB`)
    })
  }
}

test('socket-writer/a-failure-is-told', async (t) => {
  const socket = new Writable({ write: (_chunk, _encoding, taken) => taken(new Error('broken')) })
  const writer = new SocketWriter(socket as never, (error) => error as Error)
  await t.throwsAsync(writer.writeThrough(new Uint8Array(MIB)), { message: 'broken' })
  await t.throwsAsync(writer.write(new Uint8Array(MIB)), { message: 'broken' })
})

test('socket-writer/in-the-turn/dropped', async (t) => {
  const stream = fromDuplex(fastSocket())
  const written = stream.write(new Uint8Array(MIB))
  stream.abort(new Error('enough'))
  await t.throwsAsync(written, { message: 'enough' })
})

test('socket-writer/in-the-turn/closed', async (t) => {
  const socket = fastSocket()
  const stream = fromDuplex(socket)
  const written = stream.write(new Uint8Array(MIB))
  const ended = stream.closeWrite()
  await written
  await ended
  t.true(socket.writableFinished)
  socket.destroy()
})

test('socket-writer/in-the-turn/given-up', async (t) => {
  const socket = fastSocket()
  const stream = fromDuplex(socket)
  const patience = new AbortController()
  const first = stream.write(new Uint8Array(MIB), { signal: patience.signal })
  patience.abort(new Error('too slow'))
  await t.throwsAsync(first, { message: 'too slow' })

  const hasty = new AbortController()
  const second = stream.write(new Uint8Array(1), { signal: hasty.signal })
  hasty.abort(new Error('too slow, too'))
  await t.throwsAsync(second, { message: 'too slow, too' })

  const third = stream.write(new Uint8Array(1))
  const ended = stream.closeWrite()
  await t.throwsAsync(third, { code: 'IO_CLOSED' })
  await ended
  t.true(socket.writableFinished)
  t.is(socket.errored, null)
  socket.destroy()
})
