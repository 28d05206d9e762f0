import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createForgeBackend } from '@tlsio/backend-forge'
import { createNodeBackend } from '@tlsio/backend-node'
import { createNullBackend } from '@tlsio/backend-null'
import type { TlsCapabilities } from '@tlsio/core'
import test from 'ava'

/** Its library need not be on this machine; in a worker thread, as this may be, it has no tokens. */
async function claimsInMainThread(): Promise<TlsCapabilities> {
  const program = `
    const { gnutlsBackend } = await import('@tlsio/backend-gnutls')
    console.log(JSON.stringify(gnutlsBackend.supports))
  `
  const options = ['--input-type=module', '--eval', program]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd })
  return JSON.parse(stdout)
}

const yesOrRefused = (able: boolean) => (able ? 'yes' : 'refused')

/** The rows of the README's table, by what they show. */
const rows: [title: string, show: (supports: TlsCapabilities) => string][] = [
  ['Protocol versions', ({ protocolVersions }) => protocolVersions.join(', ') || 'none'],
  ['DTLS versions', ({ dtlsVersions }) => dtlsVersions.join(', ') || 'refused'],
  ['Client connections', ({ client }) => yesOrRefused(client)],
  ['Server connections', ({ server }) => yesOrRefused(server)],
  ['Keys of own certificates', ({ certificateKeys }) => certificateKeys.join(', ') || 'none'],
  ['ALPN', ({ alpn }) => yesOrRefused(alpn)],
  ['Session resumption, client', ({ sessionResumption }) => yesOrRefused(sessionResumption)],
  ['Session resumption, server', (supports) => yesOrRefused(supports.serverSessionResumption)],
  ['Client certificates, client', (supports) => yesOrRefused(supports.clientCertificates)],
  ['Client certificates, server', (supports) => yesOrRefused(supports.clientAuthentication)],
  ['OCSP staples, client', ({ ocspStapling }) => yesOrRefused(ocspStapling)],
  ['Channel bindings', ({ channelBindings }) => channelBindings.join(', ') || 'none'],
  ['Truncation detection', ({ truncationDetection }) => truncationDetection],
  ['Half-close', ({ halfClose }) => yesOrRefused(halfClose)],
  ['Keys in tokens (PKCS #11)', ({ pkcs11 }) => yesOrRefused(pkcs11)],
]

test('readme/table-says-what-the-backends-say', async (t) => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
  const gnutls = { name: 'gnutls', supports: await claimsInMainThread() }
  const backends = [createNodeBackend(), gnutls, createForgeBackend(), createNullBackend()]
  t.true(readme.includes(`| | ${backends.map(({ name }) => name).join(' | ')} |`))
  for (const [title, show] of rows) {
    const cells = backends.map(({ supports }) => show(supports))
    t.true(readme.includes(`\n| ${title} | ${cells.join(' | ')} |\n`), title)
  }
})
