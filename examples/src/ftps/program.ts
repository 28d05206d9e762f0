import { readFile } from 'node:fs/promises'
import { type TlsBackend, TlsDatabase, type TlsProtocolVersion } from '@tlsio/core'
import { Command, InvalidArgumentError, Option } from 'commander'
import { FtpsClient } from './client.js'
import { execute, type FtpsResult, parseCommands } from './commands.js'
import type { FtpsOptions, HandshakeReport } from './options.js'

interface Flags {
  readonly port: number
  readonly user: string
  readonly password?: string
  readonly ca?: string
  readonly tlsName?: string
  readonly tlsMin?: string
  readonly tlsMax?: string
  readonly reuse: boolean
  readonly overwrite: boolean
  readonly json: boolean
}

/** As people write them; which of them there are depends on the backend. */
const tlsVersions = ['1.0', '1.1', '1.2', '1.3']

const examples = `
Commands, any number of them with a + between one and the next:
  ls [FOLDER]            lists a folder
  get REMOTE [LOCAL]     fetches a file
  put LOCAL [REMOTE]     stores a file

Examples:
  ftps ftp.example.org ls
  ftps ftp.example.org ls pub + get pub/a.bin + put b.bin incoming/b.bin

TLSIO_BACKEND names the TLS backend to use; TLSIO_BACKEND=help lists them.`

/**
 * The command line of the FTPS client.
 *
 * @param backend - called when it is needed, so that `--help` works without one.
 * @param signal - gives everything up.
 */
export function createProgram(backend: () => TlsBackend, signal: AbortSignal): Command {
  return new Command('ftps')
    .description('Lists, fetches and stores files over FTP with explicit TLS.')
    .argument('<host>', 'name or IP address of the server')
    .argument('<command...>', 'ls, get or put; see below')
    .option('--port <number>', 'port of the server', parsePort, 21)
    .option('--user <name>', 'user name', 'anonymous')
    .addOption(
      new Option('--password <text>', 'others can see it here: use the variable').env(
        'FTPS_PASSWORD',
      ),
    )
    .option('--ca <file>', 'trust the PEM certificates in this file, and no others')
    .option('--tls-name <name>', "name in the server's certificate, if it is not <host>")
    .addOption(new Option('--tls-min <version>', 'oldest TLS version').choices(tlsVersions))
    .addOption(new Option('--tls-max <version>', 'newest TLS version').choices(tlsVersions))
    .option('--no-reuse', "do not use the control connection's TLS session for data connections")
    .option('--overwrite', 'replace local files that exist', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', examples)
    .action((host: string, words: string[], flags: Flags) =>
      run(host, words, flags, backend, signal),
    )
}

async function run(
  host: string,
  words: readonly string[],
  flags: Flags,
  backend: () => TlsBackend,
  signal: AbortSignal,
): Promise<void> {
  const commands = parseCommands(words)
  const handshakes: HandshakeReport[] = []
  const onHandshake = (handshake: HandshakeReport) => handshakes.push(handshake)
  const options = { ...(await optionsOf(host, flags)), backend: backend(), signal, onHandshake }
  const client = await FtpsClient.connect(options)
  try {
    const results: FtpsResult[] = []
    for (const command of commands) {
      const result = await execute(client, command, flags.overwrite)
      results.push(result)
      if (!flags.json) process.stdout.write(describe(result))
    }
    await client.quit()
    if (flags.json) {
      const document = { backend: options.backend.name, results, handshakes }
      process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    }
  } finally {
    client.abort()
  }
}

async function optionsOf(host: string, flags: Flags): Promise<Omit<FtpsOptions, 'backend'>> {
  const { port, user, password, tlsName, reuse: reuseSession } = flags
  const database = flags.ca === undefined ? undefined : await readDatabase(flags.ca)
  const tls = { database, minVersion: versionOf(flags.tlsMin), maxVersion: versionOf(flags.tlsMax) }
  return { host, port, user, password, tlsName, reuseSession, tls }
}

async function readDatabase(path: string): Promise<TlsDatabase> {
  try {
    return TlsDatabase.fromPem(await readFile(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`--ca ${path}: ${reason}`, { cause })
  }
}

function describe(result: FtpsResult): string {
  if ('list' in result) return printable(result.list.replaceAll('\r\n', '\n'))
  const [from, to] =
    result.command === 'get' ? [result.remote, result.local] : [result.local, result.remote]
  return `${result.command} ${from} -> ${to}: ${result.bytes} bytes\n`
}

/** Names of files must not be able to control the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '?')
}

function versionOf(text: string | undefined): TlsProtocolVersion | undefined {
  if (text === undefined) return undefined
  return text === '1.0' ? 'TLSv1' : (`TLSv${text}` as TlsProtocolVersion)
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port
  throw new InvalidArgumentError('It is not between 1 and 65535.')
}
