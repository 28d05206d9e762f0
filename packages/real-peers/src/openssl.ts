// openssl s_server and s_client.
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TlsProtocolVersion } from '@tlsio/core'
import { Child, type Scope } from './child.js'
import { ask } from './client.js'
import { startPeer } from './peer.js'
import { findProgram, type ServerProgram } from './programs.js'

const openssl = findProgram('openssl')

/** What {@link sServer} and {@link sClient} need. */
export const opensslPrograms: Readonly<Record<string, string | undefined>> = { openssl }

/** Options by which it speaks one version only; the deprecated ones it has to be talked into. */
export function onlyForOpenssl(version: TlsProtocolVersion): string[] {
  const option = `-${version.replace('v', '').replace('.', '_').toLowerCase()}`
  // Since 3.0 no security level from 1 on leaves a signature that these versions have.
  const isDeprecated = version === 'TLSv1' || version === 'TLSv1.1'
  return [option, ...(isDeprecated ? ['-cipher', 'ALL:@SECLEVEL=0'] : [])]
}

/**
 * It serves one connection at a time, and its page tells about the session. Of an option that is
 * given twice it takes the last.
 */
export const sServer: ServerProgram = {
  request: 'GET / HTTP/1.0\r\n\r\n',
  answer: /^(New|Reused), [\s\S]*<\/HTML>\r?\n/im,
  async start(scope, ...options) {
    const peer = await startPeer(scope, ({ port }) => {
      const address = ['-accept', `127.0.0.1:${port}`]
      const files = ['-cert', 'server.pem', '-key', 'server.key']
      return [openssl as string, 's_server', ...address, ...files, '-www', ...options]
    })
    return {
      ...peer,
      ask: async (connection) =>
        (await ask(connection, sServer.request, sServer.answer))[1] === 'Reused',
    }
  },
}

/**
 * Has `openssl ocsp` say that `server.pem` of a folder of {@link scratchFolder} is good, and sign
 * that with its own key, since that of `ca.pem` is gone. Gives the path of the response.
 */
export async function ocspResponse(folder: string): Promise<string> {
  const { serialNumber, validTo } = new X509Certificate(await readFile(join(folder, 'server.pem')))
  const until = new Date(validTo).toISOString().replace(/[-:T]|\.\d+/g, '')
  const entry = ['V', until, '', serialNumber, 'unknown', '/CN=server']
  await writeFile(join(folder, 'index.txt'), `${entry.join('\t')}\n`)
  const about = ['-CA', 'ca.pem', '-issuer', 'ca.pem', '-cert', 'server.pem', '-index', 'index.txt']
  const signer = ['-rsigner', 'server.pem', '-rkey', 'server.key', '-ndays', '1', '-noverify']
  const args = ['ocsp', ...about, ...signer, '-respout', 'staple.der']
  await promisify(execFile)(openssl as string, args, { cwd: folder, timeout: 10_000 })
  return join(folder, 'staple.der')
}

/**
 * Has `openssl s_client` make a request to {@link startOurServer | our server}; gives what it
 * printed. Options may name files in `folder`, which {@link scratchFolder} has made.
 */
export async function sClient(
  scope: Scope,
  folder: string,
  port: number,
  ...options: string[]
): Promise<string> {
  const there = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost']
  const trust = ['-CAfile', 'ca.pem', '-verify_return_error', '-verify_hostname', 'localhost']
  const command = [openssl as string, 's_client', ...there, ...trust, ...options] as const
  const child = new Child(scope, command, { cwd: folder })
  child.type('GET / HTTP/1.1\r\n\r\n')
  await child.said(/resumed=/)
  await child.finish()
  return child.output
}

/** As {@link sClient}; gives what it says of each of its sessions, `New` or `Reused`. */
export async function sClientWords(...options: Parameters<typeof sClient>): Promise<string[]> {
  return (await sClient(...options)).match(/^(New|Reused)(?=, )/gm) ?? []
}
