#!/usr/bin/env node
// Serves a page over HTTPS with a key that is encrypted, and asks for its password at the terminal:
// encrypted-key FILE [PORT]
import { registerForgeBackend } from '@tlsio/backend-forge/di'
import { registerGnutlsBackend } from '@tlsio/backend-gnutls/di'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { registerNullBackend } from '@tlsio/backend-null/di'
import { createTlsContainer, TLS_BACKEND } from '@tlsio/core/di'
import { certificateFromFile, TerminalInteraction } from '@tlsio/core/node'
import { startHttpsServer } from './server.js'

const [file, port] = process.argv.slice(2)
if (file === undefined || file.startsWith('-')) {
  process.stderr.write('Usage: encrypted-key FILE (PEM, or PKCS #12 as .p12) [PORT]\n')
  process.exit(2)
}
try {
  const container = createTlsContainer(
    registerNodeBackend,
    registerGnutlsBackend,
    registerForgeBackend,
    registerNullBackend,
  )
  const backend = container.resolve(TLS_BACKEND)
  const interaction = new TerminalInteraction()
  const certificate = await certificateFromFile(file, { interaction })
  const server = await startHttpsServer({
    backend,
    certificate,
    port: Number(port ?? 0),
    answer: (_, response) => response.end(`This is ${certificate.subjectName}\n`),
  })
  process.stdout.write(`https://localhost:${server.port}/\n`)
} catch (error) {
  const { name, message } = error as Error
  const gaveUp = name === 'AbortError'
  if (!gaveUp) process.stderr.write(`encrypted-key: ${message}\n`)
  process.exitCode = gaveUp ? 130 : 1
}
