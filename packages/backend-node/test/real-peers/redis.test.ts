import { join } from 'node:path'
import {
  ask,
  type Command,
  defineEndingTests,
  defineResumptionTests,
  findProgram,
  startPeer,
  testsWith,
  type Witness,
} from '@tlsio/real-peers'
import type { ExecutionContext } from 'ava'
import { subject } from './subject.js'

const redis = findProgram('redis-server')
const define = testsWith('redis', { redis })

defineResumptionTests(subject, define, start)
defineEndingTests(subject, define, start, 'PING\r\nQUIT\r\n', /^\+PONG\r\n\+OK\r\n$/)

/** It has no word on resumption: what is left is that it answers, and our own word. */
async function start(t: ExecutionContext): Promise<Witness> {
  const { port } = await startPeer(t, ({ folder, port }) => {
    const settings: Record<string, string | number> = {
      port: 0,
      'tls-port': port,
      bind: '127.0.0.1',
      'tls-cert-file': join(folder, 'server.pem'),
      'tls-key-file': join(folder, 'server.key'),
      'tls-ca-cert-file': join(folder, 'ca.pem'),
      'tls-auth-clients': 'no',
      save: '',
      appendonly: 'no',
      dir: folder,
      daemonize: 'no',
    }
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`])
    return [redis as string, ...options] satisfies Command
  })
  return {
    port,
    ask: async (connection) => {
      await ask(connection, 'PING\r\n', /^\+PONG\r\n$/)
      return undefined
    },
  }
}
