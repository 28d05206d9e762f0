import { concat, RecordType } from '@tlsio/core/wire'
import test from 'ava'
import { chooseCiphers } from '#src/ciphers/choose.js'
import type { FatalAlert } from '#src/fatal-alert.js'
import { type OpenedRecord, RecordLayer } from '#src/record-layer.js'
import { someBytes } from './support.js'

const keys = { macKey: someBytes(20), key: someBytes(16), iv: someBytes(16) }
const { APPLICATION_DATA, ALERT } = RecordType

/** Two ends that WebCrypto protects. */
function protectedPair(minor: number) {
  const [from, to] = [0, 1].map(() => new RecordLayer(chooseCiphers('webcrypto')))
  if (from === undefined || to === undefined) throw new Error('Two were made.')
  from.minorVersion = minor
  to.minorVersion = minor
  from.changeOutgoing(keys)
  to.changeIncoming(keys)
  return { from, to }
}

/** Takes what there is. */
function takeAll(layer: RecordLayer): Uint8Array {
  const chunks: Uint8Array[] = []
  for (let chunk = layer.take(); chunk !== undefined; chunk = layer.take()) chunks.push(chunk)
  return concat(...chunks)
}

async function openAll(layer: RecordLayer, chunk: Uint8Array): Promise<OpenedRecord[]> {
  const records: OpenedRecord[] = []
  for (const record of layer.receive(chunk)) records.push(await record)
  return records
}

for (const minor of [1, 2]) {
  test(`record-layer/TLSv1.${minor - 1}/order-of-what-is-sent-at-once`, async (t) => {
    const { from, to } = protectedPair(minor)
    const [long, short] = [someBytes(65_536), someBytes(3)]
    // Nobody waits between: what is short must not overtake what is long.
    const sent = from.send(APPLICATION_DATA, long)
    void from.send(ALERT, Uint8Array.of(1, 90))
    void from.send(APPLICATION_DATA, short)
    void from.send(ALERT, Uint8Array.of(1, 0))
    t.is(from.take(), undefined)
    await sent
    const first = takeAll(from)
    t.true(first.length > long.length)
    await from.sending
    t.is(from.sending, undefined)
    const opened = await openAll(to, concat(first, takeAll(from)))
    const types = opened.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])
    t.deepEqual(types, [APPLICATION_DATA, ALERT, APPLICATION_DATA, ALERT])
    const data = opened.filter(({ type }) => type === APPLICATION_DATA)
    t.deepEqual(concat(...data.map(({ fragment }) => fragment)), concat(long, short))
  })

  test(`record-layer/TLSv1.${minor - 1}/order-of-what-comes-at-once`, async (t) => {
    const { from, to } = protectedPair(minor)
    const lengths = [16_384, 2, 9000, 1, 16_384]
    for (const length of lengths) await from.send(APPLICATION_DATA, someBytes(length))
    const bytes = takeAll(from)
    // Cut within records.
    const chunks = [
      bytes.subarray(0, 20_000),
      bytes.subarray(20_000, 20_003),
      bytes.subarray(20_003),
    ]
    const opened: OpenedRecord[] = []
    for (const chunk of chunks) opened.push(...(await openAll(to, chunk)))
    t.deepEqual(
      concat(...opened.map(({ fragment }) => fragment)),
      concat(...lengths.map(someBytes)),
    )
  })

  test(`record-layer/TLSv1.${minor - 1}/what-comes-before-a-damaged-record-is-given`, async (t) => {
    const { from, to } = protectedPair(minor)
    const records: Uint8Array[] = []
    // So short that it makes one record with TLS 1.0, too.
    for (const byte of [1, 2, 3, 4]) {
      await from.send(APPLICATION_DATA, Uint8Array.of(byte))
      records.push(takeAll(from))
    }
    const third = records[2] as Uint8Array
    third.set([(third.at(-1) as number) ^ 1], third.length - 1)
    const given: number[] = []
    let alert: number | undefined
    try {
      for (const record of to.receive(concat(...records))) {
        given.push(...(await record).fragment)
      }
    } catch (error) {
      alert = (error as FatalAlert).alert
    }
    t.deepEqual(given, [1, 2])
    t.is(alert, 20)
  })
}
