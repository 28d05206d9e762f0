#!/usr/bin/env node
// One TLS session used again on further connections, with every backend there is, against an FTPS
// server in this process that insists on it.
import { registerForgeBackend } from '@tlsio/backend-forge/di'
import { registerGnutlsBackend } from '@tlsio/backend-gnutls/di'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { registerNullBackend } from '@tlsio/backend-null/di'
import { type TlsBackend, TlsCertificate, TlsDatabase, type TlsProtocolVersion } from '@tlsio/core'
import {
  BACKEND_PREFERENCE,
  BackendSelector,
  createTlsContainer,
  type DependencyContainer,
  TLS_BACKEND,
} from '@tlsio/core/di'
import { Command } from 'commander'
import { FtpServer } from '../ftp-server/server.js'
import { authorityPem, localhostKeyPem, localhostPem } from './certificates.js'
import { formatRuns } from './report.js'
import { type DemoRun, notHere, runDemo } from './run.js'

const modules = [
  registerNodeBackend,
  registerGnutlsBackend,
  registerForgeBackend,
  registerNullBackend,
]
/** For a backend that names none. */
const usualVersions: readonly TlsProtocolVersion[] = ['TLSv1.2', 'TLSv1.3']
const dataConnections = 6
const certificate = TlsCertificate.fromPem(localhostPem + localhostKeyPem)
const database = TlsDatabase.fromPem(authorityPem)

const { json } = new Command('demo')
  .description(
    'Starts an FTPS server that refuses data connections which do not resume the TLS session of\n' +
      'their control connection, and transfers files from and to it with each TLS backend.\n' +
      'Exits with 0 if all data connections were resumed by every backend that can do TLS here,\n' +
      'with 1 otherwise.',
  )
  .option('--json', 'print one JSON document', false)
  .parse()
  .opts<{ json: boolean }>()

const runs = await runAll()
const succeeded = runs.every((run) => !run.isHere || run.backend === 'null' || allResumed(run))
if (json) console.log(JSON.stringify({ succeeded, runs }, null, 2))
else {
  console.log(formatRuns(runs, process.stdout.isTTY === true))
  console.log('Times are medians of whole handshakes, with client and server in one process.')
}
process.exitCode = succeeded ? 0 : 1

async function runAll(): Promise<DemoRun[]> {
  const found: DemoRun[] = []
  for (const { name } of createTlsContainer(...modules).resolve(BackendSelector).registrations) {
    const reason = whyNotHere(name)
    if (reason !== undefined) {
      found.push(notHere(name, reason))
      continue
    }
    const backend = backendNamed(name)
    const { protocolVersions } = backend.supports
    const versions = protocolVersions.length === 0 ? usualVersions : protocolVersions
    const server = await startServer(versions)
    try {
      for (const version of versions) found.push(await runDemo(server, backend, database, version))
    } finally {
      await server.close()
    }
  }
  return found
}

/** One with the first engine that speaks these versions. */
function startServer(versions: readonly TlsProtocolVersion[]): Promise<FtpServer> {
  const speaks = ({ supports }: TlsBackend) =>
    versions.every((version) => supports.protocolVersions.includes(version))
  const backend = ['node', 'forge'].map(backendNamed).find(speaks)
  if (backend === undefined) throw new Error(`No backend speaks ${versions.join(' and ')}.`)
  return FtpServer.start({ backend, certificate })
}

/** Selects a backend as `TLSIO_BACKEND=name` would. */
function backendNamed(name: string): TlsBackend {
  return containerFor(name).resolve(TLS_BACKEND)
}

/** What selection says of a backend that does not work on this machine. */
function whyNotHere(name: string): string | undefined {
  const [first] = containerFor(name).resolve(BackendSelector).explain()
  return first?.outcome === 'refused' ? first.reason : undefined
}

function containerFor(name: string): DependencyContainer {
  return createTlsContainer(...modules, (container) =>
    container.register(BACKEND_PREFERENCE, { useValue: name }),
  )
}

function allResumed({ data, refusal }: DemoRun): boolean {
  return refusal === null && data.length === dataConnections && data.every(({ resumed }) => resumed)
}
