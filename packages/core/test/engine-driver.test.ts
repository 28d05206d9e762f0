import { IoError, type IoStream, memoryStreamPair, TlsError } from '@tlsio/core'
import {
  EngineDriver,
  type HandshakeParameters,
  type ServerHandshakeParameters,
} from '@tlsio/core/backend'
import test, { type ExecutionContext } from 'ava'
import { Deferred } from './support/scripted-backend.js'
import { bytes, ScriptedEngine, text } from './support/scripted-engine.js'

const parameters = {} as HandshakeParameters
const ofServer = { authenticationMode: 'none' } as ServerHandshakeParameters

/** A driver over one end of a stream; the test is the peer on the other. */
function driverOver(t: ExecutionContext, highWaterMark?: number) {
  const [stream, peer] = memoryStreamPair({ highWaterMark })
  const engine = new ScriptedEngine()
  const driver = new EngineDriver(stream, engine)
  t.teardown(() => {
    driver.abort(new Error('The test is over.'))
    if (engine.broken.length > 0) throw new Error(`Core broke: ${engine.broken.join('; ')}.`)
  })
  return { stream, peer, engine, driver }
}

/** A driver whose handshake is done. */
async function open(t: ExecutionContext, highWaterMark?: number) {
  const parts = driverOver(t, highWaterMark)
  parts.engine.onStart = (engine) => engine.complete()
  await parts.driver.handshake(parameters)
  return parts
}

/** One turn of the event loop: everything in memory has been passed on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function read(stream: Pick<IoStream, 'read'>): Promise<string> {
  return text(await stream.read())
}

test('engine-driver/handshake/flights-both-ways', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  engine.onStart = () => engine.send('hello')
  engine.onReceive = (received) => {
    if (received === 'hello back') engine.send('finished')
    else engine.complete()
  }
  const handshake = driver.handshake(parameters)
  t.is(await read(peer), 'hello')
  await peer.write(bytes('hello back'))
  t.is(await read(peer), 'finished')
  await peer.write(bytes('finished'))
  t.is((await handshake).cipherSuite, 'TLS_AES_128_GCM_SHA256')
})

test('engine-driver/handshake/last-flight-has-left-before-it-is-done', async (t) => {
  const { peer, engine, driver } = driverOver(t, 1)
  engine.onStart = () => {
    engine.send('finished')
    engine.complete()
  }
  let done = false
  const handshake = driver.handshake(parameters).then(() => {
    done = true
  })
  await turn()
  t.false(done)
  t.is(await read(peer), 'finished')
  await handshake
})

test('engine-driver/handshake/asynchronous-steps', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  const [started, received] = [new Deferred<void>(), new Deferred<void>()]
  engine.onStart = () => started.promise.then(() => engine.send('hello'))
  engine.onReceive = () => received.promise.then(() => engine.complete())
  const handshake = driver.handshake(parameters)
  await peer.write(bytes('early'))
  await turn()
  t.deepEqual(engine.log, ['start'])
  started.resolve()
  t.is(await read(peer), 'hello')
  await turn()
  t.deepEqual(engine.log, ['start', 'receive early'])
  received.resolve()
  await handshake
})

test('engine-driver/handshake/end-is-not-tls', async (t) => {
  const { peer, driver } = driverOver(t)
  const handshake = driver.handshake(parameters)
  await peer.closeWrite()
  await t.throwsAsync(handshake, { code: 'TLS_NOT_TLS' } as object)
})

test('engine-driver/handshake/close-notify-is-not-tls', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  engine.onReceive = () => {
    engine.end()
  }
  const handshake = driver.handshake(parameters)
  await peer.write(bytes('end'))
  await t.throwsAsync(handshake, { code: 'TLS_NOT_TLS' } as object)
})

test('engine-driver/handshake/failure-sends-the-alert', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  const failure = new TlsError('TLS_HANDSHAKE', 'nothing in common')
  engine.onReceive = () => {
    engine.send('alert')
    throw failure
  }
  const handshake = driver.handshake(parameters)
  await peer.write(bytes('hello'))
  t.is(await t.throwsAsync(handshake), failure)
  driver.abort(failure)
  t.is(await read(peer), 'alert')
  await t.throwsAsync(peer.read(), { code: 'IO_BROKEN_PIPE' } as object)
  t.is(engine.log.at(-1), 'release')
})

test('engine-driver/handshake/start-that-fails', async (t) => {
  const { driver, engine } = driverOver(t)
  const failure = new TlsError('TLS_BAD_CERTIFICATE', 'no such key')
  engine.onStart = () => Promise.reject(failure)
  t.is(await t.throwsAsync(driver.handshake(parameters)), failure)
})

test('engine-driver/handshake/peer-that-takes-nothing-more-ends-it', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  engine.onReceive = () => engine.send('answer')
  const handshake = driver.handshake(parameters)
  await peer.write(bytes('hello'))
  await peer.close()
  await t.throwsAsync(handshake, { code: 'IO_BROKEN_PIPE' } as object)
})

for (const how of ['at-once', 'later'] as const) {
  test(`engine-driver/handshake/client-that-waits-for-no-tickets/${how}`, async (t) => {
    const { peer, engine, driver } = driverOver(t)
    engine.onReceive = (received) => {
      const step = () => {
        if (received !== 'finished') engine.deliver(received)
        else {
          engine.send('tickets')
          engine.complete()
        }
      }
      return how === 'at-once' ? step() : turn().then(step)
    }
    const handshake = driver.handshake(ofServer)
    await peer.write(bytes('finished'))
    await peer.write(bytes('all that it had to say'))
    await peer.close()
    t.is((await handshake).protocolVersion, 'TLSv1.3')
    await turn()
    t.is(await read(driver), 'all that it had to say')
    await t.throwsAsync(driver.write(bytes('answer')), { code: 'IO_BROKEN_PIPE' } as object)
    driver.abort(new Error('enough'))
  })
}

test('engine-driver/handshake/client-that-waits-for-no-finished', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  engine.onReceive = () => {
    engine.send('finished')
    engine.complete({ protocolVersion: 'TLSv1.2' })
  }
  const handshake = driver.handshake(ofServer)
  await peer.write(bytes('finished'))
  await peer.close()
  await t.throwsAsync(handshake, { code: 'IO_BROKEN_PIPE' } as object)
})

test('engine-driver/handshake/abort-ends-it-and-waits-for-the-step', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  const step = new Deferred<void>()
  engine.onReceive = () => step.promise
  const handshake = driver.handshake(parameters)
  await peer.write(bytes('hello'))
  await turn()
  const reason = new Error('enough')
  driver.abort(reason)
  driver.abort(new Error('again'))
  t.false(engine.log.includes('release'))
  step.resolve()
  t.is(await t.throwsAsync(handshake), reason)
  t.is(engine.log.at(-1), 'release')
})

test('engine-driver/handshake/abort-while-it-waits-for-the-peer', async (t) => {
  const { engine, driver } = driverOver(t)
  const handshake = driver.handshake(parameters)
  const reason = new Error('enough')
  driver.abort(reason)
  t.is(await t.throwsAsync(handshake), reason)
  t.deepEqual(engine.log, ['start', 'release'])
})

test('engine-driver/handshake/abort-before-it', async (t) => {
  const { engine, driver } = driverOver(t)
  const reason = new Error('enough')
  driver.abort(reason)
  t.is(await t.throwsAsync(driver.handshake(parameters)), reason)
  t.deepEqual(engine.log, ['release'])
})

test('engine-driver/read/chunks-as-they-were-decrypted', async (t) => {
  const { peer, engine, driver } = await open(t)
  engine.onReceive = () => {
    engine.deliver('one')
    engine.deliver('two')
  }
  const waiting = read(driver)
  await peer.write(bytes('data'))
  t.is(await waiting, 'one')
  t.is(await read(driver), 'two')
})

test('engine-driver/read/data-that-came-with-the-handshake', async (t) => {
  const { peer, engine, driver } = driverOver(t)
  engine.onReceive = () => {
    engine.complete()
    engine.deliver('early')
  }
  await peer.write(bytes('finished and data'))
  await driver.handshake(parameters)
  t.is(await read(driver), 'early')
})

test('engine-driver/read/end-is-told-again-and-again', async (t) => {
  const { peer, engine, driver } = await open(t)
  engine.onReceive = () => {
    engine.deliver('last')
    engine.end()
  }
  await peer.write(bytes('last and end'))
  t.is(await read(driver), 'last')
  t.is(await driver.read(), null)
  t.is(await driver.read(), null)
  // What comes after close_notify is nobody's concern.
  await peer.write(bytes('more'))
  await turn()
  t.deepEqual(engine.log, ['start', 'receive last and end'])
  // Our direction is open still (RFC 8446 §6.1).
  await driver.write(bytes('reply'))
  t.is(await read(peer), '<reply>')
})

test('engine-driver/read/truncation', async (t) => {
  const { peer, engine, driver } = await open(t)
  engine.onReceive = (received) => engine.deliver(received)
  await peer.write(bytes('part'))
  await peer.closeWrite()
  t.is(await read(driver), 'part')
  await t.throwsAsync(driver.read(), { code: 'TLS_EOF' } as object)
  await t.throwsAsync(driver.read(), { code: 'TLS_EOF' } as object)
  await driver.write(bytes('still open'))
  t.is(await read(peer), '<still open>')
})

test('engine-driver/read/reset', async (t) => {
  const { peer, driver } = await open(t)
  const waiting = driver.read()
  peer.abort()
  await t.throwsAsync(waiting, { code: 'IO_BROKEN_PIPE' } as object)
})

test('engine-driver/read/damaged-record-ends-both-directions', async (t) => {
  const { peer, engine, driver } = await open(t)
  const failure = new TlsError('TLS_MISC', 'bad record')
  engine.onReceive = () => {
    engine.deliver('good')
    engine.send('alert')
    throw failure
  }
  await peer.write(bytes('good and bad'))
  t.is(await read(driver), 'good')
  t.is(await t.throwsAsync(driver.read()), failure)
  t.is(await t.throwsAsync(driver.write(bytes('more'))), failure)
  t.is(await t.throwsAsync(driver.closeWrite()), failure)
  t.is(await read(peer), 'alert')
})

test('engine-driver/read/what-comes-after-a-damaged-record-is-thrown-away', async (t) => {
  const { peer, engine, driver } = await open(t, 1)
  engine.onReceive = () => {
    throw new TlsError('TLS_MISC', 'bad record')
  }
  await peer.write(bytes('bad'))
  await t.throwsAsync(driver.read(), { code: 'TLS_MISC' } as object)
  // A peer that has to get rid of this before it reads our alert is not to wait for ever.
  for (let left = 5; left > 0; left--) await peer.write(bytes('more'))
  t.deepEqual(engine.log, ['start', 'receive bad'])
})

test('engine-driver/read/input-is-processed-while-nobody-reads', async (t) => {
  const { peer, engine, driver } = await open(t)
  engine.onReceive = (received) => engine.send(`answer to ${received}`)
  await peer.write(bytes('key update'))
  t.is(await read(peer), 'answer to key update')
  await driver.write(bytes('data'))
  t.is(await read(peer), '<data>')
})

test('engine-driver/read/stops-where-nobody-reads-and-goes-on', async (t) => {
  const { peer, engine, driver } = await open(t, 1)
  engine.onReceive = () => engine.deliver('x'.repeat(30_000))
  const writes = [1, 2, 3, 4].map((number) => `chunk ${number}`)
  let taken = 0
  const sending = (async () => {
    for (const chunk of writes) {
      await peer.write(bytes(chunk))
      taken++
    }
  })()
  await turn()
  t.is(taken, 3)
  for (let left = 4; left > 0; left--) t.is((await driver.read())?.length, 30_000)
  await sending
})

test('engine-driver/read/goes-on-while-a-write-waits', async (t) => {
  const { peer, engine, driver } = await open(t, 1)
  engine.onReceive = (received) => engine.deliver(received)
  const write = driver.write(new Uint8Array(65_536).fill(0x78))
  // The peer takes nothing before it has sent all: were it not read, both would wait for ever.
  for (const words of ['one', 'two', 'three']) {
    await peer.write(bytes(words))
    t.is(await read(driver), words)
  }
  t.is((await peer.read())?.length, 65_538)
  await write
})

test('engine-driver/read/stops-where-the-peer-takes-no-answers', async (t) => {
  const { peer, engine } = await open(t, 1)
  engine.onReceive = () => engine.send('x'.repeat(40_000))
  let taken = 0
  const sending = (async () => {
    for (;;) {
      await peer.write(bytes('again'))
      taken++
    }
  })().catch(() => {})
  await turn()
  t.true(taken < 5, `${taken} questions were taken`)
  peer.abort()
  await sending
})

test('engine-driver/write/in-parts-with-backpressure', async (t) => {
  const { peer, engine, driver } = await open(t, 1)
  engine.onWrite = (written) => engine.send('<'.repeat(written.length))
  const writing = driver.write(new Uint8Array(150_000))
  await turn()
  t.is(engine.log.length, 2, 'the next part waits until the peer has taken the one before')
  let received = 0
  while (received < 150_000) received += (await peer.read())?.length ?? 0
  await writing
  t.is(engine.log.length, 4)
})

test('engine-driver/write/what-is-added-as-the-last-chunk-leaves-leaves-too', async (t) => {
  for (let microtasks = 0; microtasks < 12; microtasks++) {
    const [stream, peer] = memoryStreamPair()
    const written: { readonly chunk: string; readonly done: Deferred<void> }[] = []
    const slow: IoStream = {
      read: () => stream.read(),
      write(chunk) {
        const done = new Deferred<void>()
        written.push({ chunk: text(chunk), done })
        return done.promise
      },
      closeWrite: () => stream.closeWrite(),
      close: () => stream.close(),
      abort: (reason) => stream.abort(reason),
    }
    const engine = new ScriptedEngine()
    const driver = new EngineDriver(slow, engine)
    engine.onStart = () => {
      engine.send('hello')
    }
    const answer = new Deferred<void>()
    engine.onReceive = () => answer.promise.then(() => engine.send('answer'))
    const handshake = driver.handshake(parameters).catch(() => {})
    await peer.write(bytes('question'))
    await turn()
    answer.resolve()
    for (let waited = 0; waited < microtasks; waited++) await undefined
    written[0]?.done.resolve()
    await turn()
    t.deepEqual(
      written.map(({ chunk }) => chunk),
      ['hello', 'answer'],
      `after ${microtasks} microtasks`,
    )
    driver.abort(new Error('The test is over.'))
    await handshake
  }
})

/** A driver over a stream that says when it is done with a chunk, when the test says so. */
async function openLending(t: ExecutionContext) {
  const [stream, peer] = memoryStreamPair({ highWaterMark: 1_000_000 })
  const lent: { readonly chunk: Uint8Array; readonly done: Deferred<void> }[] = []
  const lending: IoStream = {
    read: () => stream.read(),
    write: (chunk) => stream.write(chunk),
    writeLent(chunk) {
      const done = new Deferred<void>()
      lent.push({ chunk, done })
      return done.promise
    },
    closeWrite: () => stream.closeWrite(),
    close: () => stream.close(),
    abort: (reason) => stream.abort(reason),
  }
  const engine = new ScriptedEngine()
  engine.onStart = () => engine.complete()
  const driver = new EngineDriver(lending, engine)
  t.teardown(() => {
    driver.abort(new Error('The test is over.'))
    if (engine.broken.length > 0) throw new Error(`Core broke: ${engine.broken.join('; ')}.`)
  })
  await driver.handshake(parameters)
  return { engine, driver, peer, lent }
}

test('engine-driver/write/large-chunks-come-back', async (t) => {
  const { engine, driver, lent } = await openLending(t)
  engine.onWrite = (written) => engine.send('<'.repeat(written.length + 1))
  const writing = driver.write(new Uint8Array(65_536))
  await turn()
  t.is(lent.length, 1)
  t.deepEqual(engine.takenBack, [], 'not before it has left')
  lent[0]?.done.resolve()
  await writing
  t.is(engine.takenBack.length, 1)
  t.is(engine.takenBack[0], lent[0]?.chunk)
})

test('engine-driver/write/small-chunks-and-joined-ones-do-not-come-back', async (t) => {
  const { engine, driver, lent } = await openLending(t)
  engine.onWrite = () => engine.send('<'.repeat(65_536))
  await driver.write(new Uint8Array(100))
  engine.onWrite = () => {
    engine.send('<'.repeat(40_000))
    engine.send('<'.repeat(40_000))
  }
  await driver.write(new Uint8Array(100))
  t.is(lent.length, 0)
  t.deepEqual(engine.takenBack, [])
})

test('engine-driver/write/a-chunk-that-did-not-leave-does-not-come-back', async (t) => {
  const { engine, driver, lent } = await openLending(t)
  engine.onWrite = () => engine.send('<'.repeat(70_000))
  const failed = driver.write(new Uint8Array(100))
  await turn()
  lent[0]?.done.reject(new IoError('IO_BROKEN_PIPE', 'gone'))
  await t.throwsAsync(failed, { code: 'IO_BROKEN_PIPE' } as object)
  t.deepEqual(engine.takenBack, [])
})

test('engine-driver/write/nothing-comes-back-after-release', async (t) => {
  const { engine, driver, lent } = await openLending(t)
  engine.onWrite = () => engine.send('<'.repeat(70_000))
  const given = driver.write(new Uint8Array(100))
  await turn()
  driver.abort(new Error('enough'))
  t.is(engine.log.at(-1), 'release')
  lent[0]?.done.resolve()
  await given.catch(() => {})
  await turn()
  t.deepEqual(engine.takenBack, [])
})

test('engine-driver/write/asynchronous-beside-a-receive', async (t) => {
  const { peer, engine, driver } = await open(t)
  const [writing, receiving] = [new Deferred<void>(), new Deferred<void>()]
  engine.onWrite = (written) => writing.promise.then(() => engine.send(`<${written}>`))
  engine.onReceive = (received) => receiving.promise.then(() => engine.deliver(received))
  const written = driver.write(bytes('out'))
  await peer.write(bytes('in'))
  const waiting = read(driver)
  await turn()
  t.deepEqual(engine.log, ['start', 'write out', 'receive in'])
  receiving.resolve()
  t.is(await waiting, 'in')
  writing.resolve()
  await written
  t.is(await read(peer), '<out>')
})

test('engine-driver/write/waits-behind-an-answer', async (t) => {
  const { peer, engine, driver } = await open(t, 1)
  engine.onReceive = () => engine.send('answer')
  await peer.write(bytes('question'))
  await turn()
  const writing = driver.write(bytes('data'))
  await turn()
  t.is(await read(peer), 'answer')
  t.is(await read(peer), '<data>')
  await writing
})

test('engine-driver/write/peer-that-takes-nothing-more', async (t) => {
  const { peer, driver } = await open(t)
  await peer.close()
  await t.throwsAsync(driver.write(bytes('data')), { code: 'IO_BROKEN_PIPE' } as object)
  await t.throwsAsync(driver.write(bytes('data')), { code: 'IO_BROKEN_PIPE' } as object)
})

test('engine-driver/write/stream-closed-below', async (t) => {
  const { stream, driver } = await open(t)
  await stream.close()
  const error = await t.throwsAsync<IoError>(driver.write(bytes('data')))
  t.is(error?.code, 'IO_BROKEN_PIPE')
  t.true(error?.cause instanceof IoError)
})

test('engine-driver/close/one-direction-then-all', async (t) => {
  const { peer, engine, driver } = await open(t)
  engine.onReceive = (received) => engine.deliver(received)
  await driver.closeWrite()
  t.is(await read(peer), '<end>')
  t.is(await peer.read(), null)
  await peer.write(bytes('more'))
  t.is(await read(driver), 'more')
  driver.closeRead()
  await driver.close()
  t.deepEqual(engine.log, ['start', 'closeNotify', 'receive more', 'release'])
})

test('engine-driver/close/discards-but-processes', async (t) => {
  const { peer, engine, driver } = await open(t, 1)
  engine.onReceive = () => engine.deliver('x'.repeat(50_000))
  await peer.write(bytes('one'))
  const second = peer.write(bytes('two'))
  driver.closeRead()
  await second
  for (let left = 5; left > 0; left--) await peer.write(bytes('more'))
  t.is(engine.log.length, 8)
})

test('engine-driver/close/asynchronous-close-notify-that-fails', async (t) => {
  const { engine, driver, peer } = await open(t)
  const failure = new TlsError('TLS_MISC', 'no more')
  engine.onCloseNotify = () => Promise.reject(failure)
  t.is(await t.throwsAsync(driver.closeWrite()), failure)
  await driver.close()
  t.is(await peer.read(), null)
  t.is(engine.log.at(-1), 'release')
})

test('engine-driver/close/asynchronous-close-notify-that-nobody-takes', async (t) => {
  const { peer, engine, driver } = await open(t)
  // Its bytes are refused before anybody waits for them to be sent.
  engine.onCloseNotify = async (scripted) => scripted.send('<end>')
  await peer.close()
  await t.throwsAsync(driver.closeWrite(), { code: 'IO_BROKEN_PIPE' } as object)
})

test('engine-driver/close/refused-while-the-end-is-being-opened', async (t) => {
  const { peer, engine, driver } = await open(t)
  const opening = new Deferred<void>()
  engine.onReceive = async (_, scripted) => {
    await opening.promise
    scripted.end()
  }
  await peer.write(bytes('<end>'))
  await peer.close()
  await turn()
  const closed = driver.closeWrite().catch(() => driver.hasEnded)
  await turn()
  opening.resolve()
  t.true(await closed)
})

test('engine-driver/close/while-a-step-runs', async (t) => {
  const { peer, engine, driver } = await open(t)
  const step = new Deferred<void>()
  engine.onReceive = () => step.promise
  await peer.write(bytes('data'))
  await turn()
  await driver.close()
  t.is(engine.log.at(-1), 'receive data')
  step.resolve()
  await turn()
  t.is(engine.log.at(-1), 'release')
})

test('engine-driver/abort/pending-read-and-write-reject', async (t) => {
  const { engine, driver, stream } = await open(t, 1)
  engine.onWrite = () => engine.send('x'.repeat(10))
  const pending = [driver.read(), driver.write(bytes('data'))]
  await turn()
  const reason = new Error('enough')
  driver.abort(reason)
  for (const operation of pending) t.is(await t.throwsAsync(operation), reason)
  t.is(await t.throwsAsync(stream.read()), reason)
  t.is(engine.log.at(-1), 'release')
})

test('engine-driver/abort/during-the-last-step-of-a-write-is-no-success', async (t) => {
  const { engine, driver } = await open(t)
  const step = new Deferred<void>()
  engine.onWrite = () => step.promise
  const writing = driver.write(bytes('data'))
  const reason = new Error('enough')
  driver.abort(reason)
  step.resolve()
  t.is(await t.throwsAsync(writing), reason)
})

test('engine-driver/abort/during-the-close-notify', async (t) => {
  const { engine, driver } = await open(t)
  const step = new Deferred<void>()
  engine.onCloseNotify = () => step.promise
  const closing = driver.closeWrite()
  const reason = new Error('enough')
  driver.abort(reason)
  step.resolve()
  t.is(await t.throwsAsync(closing), reason)
})

test('engine-driver/engine-that-fails-by-itself-sends-nothing-more', async (t) => {
  const { peer, engine, driver } = await open(t)
  const failure = new RangeError('a defect')
  engine.onReceive = () => {
    throw failure
  }
  await peer.write(bytes('data'))
  t.is(await t.throwsAsync(driver.read()), failure)
  t.is(await t.throwsAsync(driver.write(bytes('more'))), failure)
})

test('engine-driver/exporter-and-finished-of-the-engine', async (t) => {
  const { engine, driver } = await open(t)
  t.deepEqual(driver.finishedMessages(), { local: undefined, peer: undefined })
  const finished = { local: bytes('a'), peer: bytes('b') }
  Object.assign(engine, {
    exportKeyingMaterial: (label: string, length: number) => bytes(label.repeat(length)),
    finishedMessages: () => finished,
  })
  t.is(text(driver.exportKeyingMaterial('x', 3)), 'xxx')
  t.is(driver.finishedMessages(), finished)
})
