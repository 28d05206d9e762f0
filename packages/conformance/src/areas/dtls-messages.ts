import { distinct, equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceCase } from '../conformance-case.js'
import { datagramConnection, nextMessage } from '../datagram-pair.js'
import { deadline } from '../deadline.js'

const oneRecord = 'GIO g_datagram_based_send_messages(): one message is one record'
const tooLarge = { code: 'IO_MESSAGE_TOO_LARGE' }

/** A message of `length` bytes that is like no other length's. */
function messageOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255)
}

/** What is sent and received over DTLS: part of the area `dtls`. */
export const dtlsMessages: readonly ConformanceCase[] = [
  {
    title: 'messages/borders-are-kept',
    source: oneRecord,
    async run(context) {
      const { client, server, clientSocket } = await datagramConnection(context)
      const sizes = [1, 3, 256, client.maxMessageSize ?? 0, 2]
      const before = clientSocket.sent.length
      for (const size of sizes) await deadline(client.send(messageOf(size)), 'Sending')
      equal(clientSocket.sent.length - before, sizes.length, 'Datagrams sent')
      for (const size of sizes) {
        sameList((await nextMessage(server)) ?? [], messageOf(size), `The message of ${size}`)
      }
      for (const size of sizes) await deadline(server.send(messageOf(size)), 'Sending')
      for (const size of sizes) {
        sameList((await nextMessage(client)) ?? [], messageOf(size), `The answer of ${size}`)
      }
    },
  },
  {
    title: 'messages/too-large-is-refused',
    source: 'GIO G_IO_ERROR_MESSAGE_TOO_LARGE, before anything is sent',
    async run(context) {
      const { client, server, clientSocket } = await datagramConnection(context)
      const size = client.maxMessageSize ?? 0
      const before = clientSocket.sent.length
      for (const length of [size + 1, 20_000]) {
        await rejects(client.send(messageOf(length)), tooLarge, `A message of ${length} bytes`)
      }
      equal(clientSocket.sent.length, before, 'Datagrams sent in all')
      await deadline(client.send(messageOf(size)), 'Sending as much as fits')
      sameList((await nextMessage(server)) ?? [], messageOf(size), 'What fits')
    },
  },
  {
    title: 'messages/datagram-size-is-kept',
    source: 'DtlsConnectionOptions.maxDatagramSize; RFC 6347 §4.1.1',
    async run(context) {
      const maxDatagramSize = 600
      const options = { maxDatagramSize, retransmissionTimeout: 1000 }
      const pair = await datagramConnection(context, { client: options, server: options })
      for (const connection of [pair.client, pair.server]) {
        await deadline(connection.send(messageOf(connection.maxMessageSize ?? 0)), 'Sending')
      }
      const all = [...pair.clientSocket.sent, ...pair.serverSocket.sent]
      const largest = Math.max(...all.map(({ length }) => length))
      ok(largest <= maxDatagramSize, `no datagram has more than 600 bytes; one has ${largest}`)
      ok(largest > maxDatagramSize - 40, `messages use the space there is; ${largest} at most`)
    },
  },
  {
    title: 'messages/none-twice',
    source: 'RFC 6347 §4.1.2.6: replays are dropped',
    async run(context) {
      const { client, server } = await datagramConnection(context, { duplicate: 1 })
      const sent = Array.from({ length: 20 }, (_, number) => `message ${number}`)
      for (const message of sent) await deadline(client.send(bytesOf(message)), 'Sending')
      const received: string[] = []
      for (const _ of sent) received.push(textOf(await nextMessage(server)))
      distinct(received, 'Messages received')
    },
  },
  {
    title: 'messages/whatever-the-order',
    source: 'RFC 6347 §3: datagrams are reordered; none waits for another',
    async run(context) {
      const faults = { seed: 2, reorder: 0.4, delay: 3 }
      const { client, server } = await datagramConnection(context, faults)
      const sent = Array.from({ length: 20 }, (_, number) => `message ${number}`)
      for (const message of sent) await deadline(client.send(bytesOf(message)), 'Sending')
      const received: string[] = []
      for (const _ of sent) received.push(textOf(await nextMessage(server)))
      sameList(received.sort(), sent.sort(), 'Messages received')
    },
  },
  {
    title: 'messages/damaged-ones-are-dropped',
    source: 'RFC 6347 §4.1.2.7: invalid records are silently discarded',
    async run(context) {
      const { client, server, clientSocket } = await datagramConnection(context)
      await deadline(client.send(bytesOf('genuine')), 'Sending')
      const genuine = clientSocket.sent.at(-1)
      ok(genuine !== undefined, 'the message was sent')
      for (const at of [4, 10, genuine.length - 1]) {
        const damaged = genuine.slice()
        damaged[at] = (damaged[at] ?? 0) ^ 1
        await clientSocket.send(damaged)
      }
      await clientSocket.send(genuine.subarray(0, 20))
      await deadline(client.send(bytesOf('next')), 'Sending')
      equal(textOf(await nextMessage(server)), 'genuine', 'The first message')
      equal(textOf(await nextMessage(server)), 'next', 'The next message')
    },
  },
  {
    title: 'messages/empty-is-a-mistake',
    source: 'DtlsConnection.send(): a message has at least one byte',
    async run(context) {
      const { client } = await datagramConnection(context)
      await rejects(client.send(new Uint8Array(0)), { name: 'TypeError' }, 'An empty message')
    },
  },
]

function textOf(message: Uint8Array | null): string {
  return message === null ? 'the end' : new TextDecoder().decode(message)
}
