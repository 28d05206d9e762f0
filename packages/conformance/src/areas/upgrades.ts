import { type IoStream, withUnread } from '@tlsio/core'
import { equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseContext } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'

const startTls = 'RFC 3207 §4; withUnread: what was read too much of belongs to TLS'
const injection = 'RFC 3207 §4.2; CVE-2011-0411: plaintext must not be taken for encrypted'

const command = bytesOf('STARTTLS\r\n')
const answer = bytesOf('220 go ahead\r\n')

/** Reads from a stream in the clear: a whole command, and what came with it. */
async function readCommand(stream: IoStream, length: number): Promise<Uint8Array> {
  let read: Uint8Array = new Uint8Array(0)
  while (read.length < length) {
    const chunk = await deadline(stream.read(), 'A command')
    ok(chunk !== null, 'the stream goes on')
    read = Uint8Array.from([...read, ...chunk])
  }
  return read
}

/** A stream that hands over what was written to it only together with the next write. */
function joined(stream: IoStream): IoStream & { hold(bytes: Uint8Array): void } {
  let held: Uint8Array = new Uint8Array(0)
  return {
    read: (options) => stream.read(options),
    write: (chunk, options) => {
      const whole = Uint8Array.from([...held, ...chunk])
      held = new Uint8Array(0)
      return stream.write(whole, options)
    },
    closeWrite: () => stream.closeWrite(),
    close: () => stream.close(),
    abort: (reason) => stream.abort(reason),
    hold: (bytes) => {
      held = bytes
    },
  }
}

/** Both ends speak TLS, and a message goes each way. */
async function speak(context: CaseContext, near: IoStream, far: Promise<IoStream>) {
  const client = context.clientOn(near)
  const clientSide = async () => {
    await client.write(bytesOf('EHLO'))
    return readExactly(client, 4)
  }
  const serverSide = async () => {
    const server = context.serverOn(await far)
    const received = await readExactly(server, 4)
    await server.write(bytesOf('250 '))
    return received
  }
  const [atClient, atServer] = await deadline(
    Promise.all([clientSide(), serverSide()]),
    'A message each way',
  )
  sameList(atServer, bytesOf('EHLO'), 'What the server reads')
  sameList(atClient, bytesOf('250 '), 'What the client reads')
  equal(client.peerCertificateErrors, 0, 'peerCertificateErrors')
}

/** From plaintext to TLS on one stream: part of the area `handshake`. */
export const upgrades: readonly ConformanceCase[] = [
  // twisted/twisted#10445, oven-sh/bun#32241
  {
    title: 'upgrade/of-a-used-stream',
    source: startTls,
    async run(context) {
      const { client, server } = await context.streams()
      await client.write(command)
      await readCommand(server, command.length)
      await server.write(answer)
      await readCommand(client, answer.length)
      await speak(context, client, Promise.resolve(server))
    },
  },
  // denoland/deno#18451, denoland/deno#31759, oven-sh/bun#21541
  {
    title: 'upgrade/hello-came-with-the-command',
    source: startTls,
    async run(context) {
      const { client, server } = await context.streams()
      const pipelined = joined(client)
      pipelined.hold(command)
      const far = async () => {
        const read = await readCommand(server, command.length + 1)
        return withUnread(server, read.subarray(command.length))
      }
      await speak(context, pipelined, far())
    },
  },
  // denoland/deno#26685, denoland/deno#33303: one byte too many was read, and lost.
  {
    title: 'upgrade/hello-was-read-in-part',
    source: startTls,
    async run(context) {
      const { client, server } = await context.streams({}, { splitReads: 7 })
      const far = async () => withUnread(server, await readCommand(server, 1))
      await speak(context, client, far())
    },
  },
  {
    title: 'upgrade/plaintext-behind-the-answer-is-refused',
    source: injection,
    async run(context) {
      const { client, server } = await context.streams()
      await server.write(bytesOf('220 go ahead\r\n250 injected\r\n'))
      const read = await readCommand(client, answer.length + 1)
      const connection = context.clientOn(withUnread(client, read.subarray(answer.length)))
      const handshake = rejects(connection.handshake(), { code: 'TLS_NOT_TLS' }, 'The handshake')
      await deadline(handshake, 'The handshake')
      await rejects(connection.read(), { code: 'TLS_NOT_TLS' }, 'A read')
    },
  },
  {
    title: 'upgrade/plaintext-behind-the-command-is-refused',
    source: injection,
    async run(context) {
      const { client, server } = await context.streams()
      await client.write(bytesOf('STARTTLS\r\nRCPT TO:<injected>\r\n'))
      const read = await readCommand(server, command.length + 1)
      const connection = context.serverOn(withUnread(server, read.subarray(command.length)))
      const handshake = rejects(connection.handshake(), { code: 'TLS_NOT_TLS' }, 'The handshake')
      await deadline(handshake, 'The handshake')
    },
  },
]
