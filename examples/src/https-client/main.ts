#!/usr/bin/env node
// Fetches a page with Node's own HTTP client: https-client URL [FILE WITH TRUST ANCHORS]
import { readFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { registerNullBackend } from '@tlsio/backend-null/di'
import { TlsDatabase } from '@tlsio/core'
import { createTlsContainer, TLS_BACKEND } from '@tlsio/core/di'
import { TlsAgent } from './agent.js'

const [url, anchors] = process.argv.slice(2)
if (url === undefined || url.startsWith('-')) {
  process.stderr.write('Usage: https-client URL [FILE WITH TRUST ANCHORS]\n')
  process.exit(2)
}
try {
  const backend = createTlsContainer(registerNodeBackend, registerNullBackend).resolve(TLS_BACKEND)
  const database = anchors && TlsDatabase.fromPem(await readFile(anchors, 'utf8'))
  const agent = new TlsAgent({ backend, tls: database ? { database } : {} })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent }, resolve).on('error', reject)
  })
  await pipeline(response, process.stdout, { end: false })
  agent.destroy()
} catch (error) {
  const { message } = error as Error
  process.stderr.write(`https-client: ${message}\n`)
  process.exitCode = 1
}
