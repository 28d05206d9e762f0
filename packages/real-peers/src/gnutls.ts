// gnutls-serv and gnutls-cli.
import type { TlsProtocolVersion } from '@tlsio/core'
import { Child, type Command, type Scope } from './child.js'
import { ask } from './client.js'
import { scratchFolder, startPeer } from './peer.js'
import { findProgram, type ServerProgram } from './programs.js'

const serv = findProgram('gnutls-serv')
const cli = findProgram('gnutls-cli')
const stdbuf = findProgram('stdbuf')

/** What {@link gnutlsServ} needs. */
export const gnutlsServPrograms: Readonly<Record<string, string | undefined>> = {
  'gnutls-serv': serv,
  stdbuf,
}

/** What {@link gnutlsCli} needs. */
export const gnutlsCliPrograms: Readonly<Record<string, string | undefined>> = { 'gnutls-cli': cli }

/** Options by which it speaks one version only. */
export function onlyForGnutls(version: TlsProtocolVersion): string[] {
  return ['--priority', `NORMAL:-VERS-ALL:+VERS-${nameInGnutls(version)}`]
}

/** What it calls a version. */
export function nameInGnutls(version: TlsProtocolVersion): string {
  return version === 'TLSv1' ? 'TLS1.0' : version.replace('v', '')
}

/** It tells of each connection on its output. */
export const gnutlsServ: ServerProgram = {
  request: 'GET / HTTP/1.0\r\n\r\n',
  answer: /^HTTP\/1\.0 200 OK\r\n[\s\S]*<\/HTML>/i,
  async start(scope, ...options) {
    // To a pipe it prints in blocks otherwise.
    const unbuffered: Command = [stdbuf as string, '-o0', serv as string]
    const files = ['--x509certfile', 'server.pem', '--x509keyfile', 'server.key']
    const mode = ['--http', '--disable-client-cert']
    const peer = await startPeer(scope, ({ port }) => [
      ...unbuffered,
      ...['--port', `${port}`, ...files, ...mode, ...options],
    ])
    return {
      ...peer,
      ask: async (connection) => {
        const mark = peer.child.output.length
        await ask(connection, gnutlsServ.request, gnutlsServ.answer)
        const [resumed] = await gnutlsServWords(peer.child, 1, mark)
        return resumed
      },
    }
  },
}

/** What it says of its first connections after the first `since` bytes: whether each was resumed. */
export async function gnutlsServWords(child: Child, count: number, since = 0): Promise<boolean[]> {
  const words: boolean[] = []
  for (let at = since; words.length < count; ) {
    const { 0: all, 1: resumed, index } = await child.said(session, at)
    words.push(resumed !== undefined)
    at += index + all.length
  }
  return words
}

/**
 * Has `gnutls-cli` make a request to {@link startOurServer | our server}, after reconnecting if
 * options say so; gives what it printed.
 */
export async function gnutlsCli(scope: Scope, port: number, ...options: string[]): Promise<string> {
  const name = ['--sni-hostname', 'localhost', '--verify-hostname', 'localhost']
  const there = [...name, '--x509cafile', 'ca.pem', '--port', `${port}`, '127.0.0.1']
  const command = [cli as string, ...options, ...there] as const
  const child = new Child(scope, command, { cwd: await scratchFolder(scope) })
  child.type('GET / HTTP/1.1\r\n\r\n')
  await child.said(/resumed=/)
  await child.finish()
  return child.output
}

const session = /(\*\*\* This is a resumed session\s+)?- Description: \(TLS1\.\d-X\.509\)/
