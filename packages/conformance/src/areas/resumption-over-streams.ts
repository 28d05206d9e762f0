import { sameList } from '../assertions.js'
import { pattern, readToEnd } from '../bytes.js'
import type { PairOptions } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { bareTransport } from '../peers/bare-transport.js'
import { messageTransport } from '../peers/message-transport.js'
import { relayedTransport } from '../peers/relayed-transport.js'
import { bothResume, connectOnce, copied, dataConnection, resumed } from '../resumption.js'

const anyStream = 'IoStream: whatever it is made of; GIO glib-networking resumes over sockets only'

/** Streams that are no sockets, or say little: part of the area `session-resumption`. */
export const resumptionOverStreams: readonly ConformanceCase[] = [
  // novnc/noVNC#1846, WICG/direct-sockets#77: TLS in a page, through a WebSocket.
  {
    title: 'over-messages',
    source: anyStream,
    requires: bothResume,
    async run(context) {
      const over: PairOptions = { transport: messageTransport, bare: true }
      const control = await context.connect(over)
      resumed(await connectOnce(context, over), true)
      resumed(await copied(context, control.client, { ...over, ...dataConnection }), true)
      const data = pattern(200_000)
      const upload = async () => {
        await control.client.write(data)
        await control.client.close()
      }
      const all = Promise.all([readToEnd(control.server), upload()])
      sameList((await deadline(all, 'An upload'))[0], data, 'What the server reads')
    },
  },
  // libp2p/js-libp2p#9: any duplex stream. The very stream, with neither tap nor faults around it, and
  // none that an engine may know.
  {
    title: 'over-a-bare-stream',
    source: anyStream,
    requires: bothResume,
    async run(context) {
      const over: PairOptions = { transport: bareTransport, bare: true }
      const control = await context.connect(over)
      resumed(await connectOnce(context, over), true)
      resumed(await copied(context, control.client, { ...over, ...dataConnection }), true)
    },
  },
  // envoyproxy/envoy#46243, curl/curl#1006: hosts that share an address, and a host that has two. Keyed
  // by address, what comes through a relay is one host, or a host behind many is none.
  {
    title: 'whatever-the-address',
    source:
      'GIO glib-networking: the key of a named host has no address; with one address, and none',
    requires: bothResume,
    async run(context) {
      const first = { address: '192.0.2.1', port: 990 }
      for (const address of [{ address: '2001:db8::1', port: 990 }, undefined]) {
        const clientBackend = context.createBackend()
        const control = await connectOnce(context, {
          clientBackend,
          transport: relayedTransport(first),
        })
        const over: PairOptions = { clientBackend, transport: relayedTransport(address) }
        resumed(await connectOnce(context, over), true)
        resumed(await copied(context, control.client, { ...over, ...dataConnection }), true)
      }
    },
  },
]
