import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  ask,
  Client,
  defineResumptionTests,
  findProgram,
  only,
  readToEnd,
  startPeer,
  testsWith,
  type Witness,
} from '@tlsio/real-peers'
import type { ExecutionContext } from 'ava'
import { subject } from './subject.js'

const mosquitto = findProgram('mosquitto')
const define = testsWith('mosquitto', { mosquitto })

/** CONNECT of MQTT 3.1.1 as the client `tlsio`, with a clean session, kept alive for 60 s. */
const connect = Buffer.from('\x10\x11\0\x04MQTT\x04\x02\0\x3c\0\x05tlsio', 'latin1')
/** CONNACK, accepted. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: MQTT is a binary protocol.
const accepted = /^\x20\x02\0\0$/
const disconnect = Buffer.from('\xe0\0', 'latin1')

defineResumptionTests(subject, define, start)

for (const version of subject.versions) {
  for (const requireCloseNotify of [true, false]) {
    define(`${version}/server-ends/require-close-notify-${requireCloseNotify}`, async (t) => {
      const { port } = await start(t)
      const connection = await new Client(t, subject, port, {
        ...only(version),
        requireCloseNotify,
      }).open()
      await ask(connection, connect, accepted)
      await connection.write(disconnect)
      t.is((await readToEnd(connection)).length, 0)
      await connection.close()
    })
  }
}

/** It has no word on resumption: what is left is that it answers, and our own word. */
async function start(t: ExecutionContext): Promise<Witness> {
  const { port } = await startPeer(t, async ({ folder, port }) => {
    const file = join(folder, 'mosquitto.conf')
    const settings = [
      `listener ${port} 127.0.0.1`,
      `certfile ${folder}/server.pem`,
      `keyfile ${folder}/server.key`,
      'allow_anonymous true',
      // Started by root it would go on as another user, who need not exist.
      'user root',
    ]
    await writeFile(file, settings.map((setting) => `${setting}\n`).join(''))
    return [mosquitto as string, '-c', file]
  })
  return {
    port,
    ask: async (connection) => {
      await ask(connection, connect, accepted)
      return undefined
    },
  }
}
