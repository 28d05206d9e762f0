import test from 'ava'
import { type DatagramFaults, faultyDatagramPair } from '#src/faulty-datagrams.js'
import { ManualClock } from '#src/manual-clock.js'

/** Sends numbered datagrams and tells which of them arrive by the end, in their order. */
async function arrivals(faults: DatagramFaults, count = 200): Promise<readonly number[]> {
  const clock = new ManualClock()
  const [near, far] = faultyDatagramPair({ clock, ...faults })
  for (let number = 0; number < count; number++) {
    await near.send(Uint8Array.of(number))
    clock.advance(1)
  }
  clock.advance(1000)
  const arrived: number[] = []
  const over = far.receive().then(function next(datagram): Promise<void> {
    arrived.push(datagram[0] as number)
    return far.receive().then(next)
  })
  await new Promise((resolve) => setImmediate(resolve))
  await far.close()
  await over.catch(() => {})
  return arrived
}

const inOrder = Array.from({ length: 200 }, (_, number) => number)

test('faulty-datagrams/without-faults', async (t) => {
  t.deepEqual(await arrivals({}), inOrder)
})

test('faulty-datagrams/loss', async (t) => {
  const arrived = await arrivals({ loss: 0.2, seed: 5 })
  t.true(arrived.length > 140 && arrived.length < 180, `${arrived.length} of 200 arrive`)
  t.is(new Set(arrived).size, arrived.length)
  t.deepEqual(await arrivals({ loss: 1 }), [])
})

test('faulty-datagrams/same-seed-same-choices', async (t) => {
  const faults = { loss: 0.2, duplicate: 0.2, reorder: 0.2, delay: 5 }
  const first = await arrivals({ ...faults, seed: 5 })
  t.deepEqual(await arrivals({ ...faults, seed: 5 }), first)
  t.notDeepEqual(await arrivals({ ...faults, seed: 6 }), first)
})

test('faulty-datagrams/duplicates', async (t) => {
  t.deepEqual(
    await arrivals({ duplicate: 1 }),
    inOrder.flatMap((number) => [number, number]),
  )
})

test('faulty-datagrams/reorder', async (t) => {
  const arrived = await arrivals({ reorder: 0.3, seed: 2 })
  t.notDeepEqual(arrived, inOrder)
  t.deepEqual(
    [...arrived].sort((a, b) => a - b),
    inOrder,
  )
})

test('faulty-datagrams/one-held-back-without-a-next-one-is-late', async (t) => {
  t.deepEqual(await arrivals({ reorder: 1 }, 1), [0])
})

test('faulty-datagrams/delay', async (t) => {
  const clock = new ManualClock()
  const [near, far] = faultyDatagramPair({ clock, delay: 100 })
  await near.send(Uint8Array.of(1))
  let arrived = false
  const receiving = far.receive().then(() => {
    arrived = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  t.false(arrived)
  clock.advance(100)
  await receiving
  t.is(clock.pending, 0)
})

test('faulty-datagrams/drop-by-end-and-number', async (t) => {
  const [near, far] = faultyDatagramPair({ drop: (number, _, end) => end === 1 && number === 0 })
  await near.send(Uint8Array.of(1))
  t.is((await far.receive())[0], 1)
  await far.send(Uint8Array.of(2))
  await far.send(Uint8Array.of(3))
  t.is((await near.receive())[0], 3)
  t.is(far.lost, 1)
  t.is(far.sent.length, 2)
})
