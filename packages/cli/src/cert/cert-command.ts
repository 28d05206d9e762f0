import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CliEnvironment, ExitStatus } from '../cli.js'
import { printableJson } from '../terminal/printable.js'
import { chainFromFile } from './chain-from-file.js'
import { chainFromPeer } from './chain-from-peer.js'
import type { ChainReport, JudgedBy } from './chain-report.js'
import { formatChain } from './format-chain.js'
import { judgeChain } from './judge-chain.js'
import { openTrust, type Trust } from './open-trust.js'
import { readInput } from './read-input.js'
import { reportChain } from './report-chain.js'
import { parseTarget } from './target.js'

interface Flags extends Pick<JudgedBy, 'purpose' | 'profile'> {
  readonly file?: true
  readonly connect?: true
  readonly name?: string
  readonly passwordFile?: string
  readonly ca?: string
  readonly crl: readonly string[]
  readonly time?: number
  readonly timeout: number
  readonly alpn?: readonly string[]
  readonly all: boolean
  readonly json: boolean
}

const more = `
FILE is PEM with any number of certificates in any order, one certificate in DER, or PKCS #12; - is
standard input. A word that is the path of something is a file, all else a host; HOST alone
means port 443.

Exit status: 0 the chain verifies; 1 it does not; 2 there is no verdict, because of wrong usage,
a file that cannot be read, or a host that cannot be reached or speaks no TLS.

Examples:
  tlsio cert example.org
  tlsio cert mail.example.org:993 --ca company-ca.pem
  tlsio cert server.pem --name www.example.org --time 2030-01-01
  tlsio cert [::1]:8443 --json

TLSIO_BACKEND names the TLS backend to use; TLSIO_BACKEND=help lists them.`

/** Adds `tlsio cert` to a program; `onVerdict` hears how the program is to end. */
export function addCertCommand(
  program: Command,
  environment: CliEnvironment,
  onVerdict: (status: ExitStatus) => void,
): void {
  program
    .command('cert')
    .description('Prints a certificate chain, and why it verifies or what is wrong with it.')
    .argument('<FILE|HOST:PORT>', 'what to read the chain from; see below')
    .addOption(new Option('--file', 'take it for a file').conflicts('connect'))
    .option('--connect', 'take it for a host')
    .option('--name <name>', 'whom it must be for (default: the host; of a file: anybody)')
    .option('--password-file <file>', 'password of PKCS #12 (default: asked for at the terminal)')
    .addOption(
      new Option('--purpose <purpose>', 'what it must be good for')
        .choices(['serverAuth', 'clientAuth'])
        .default('serverAuth'),
    )
    .option('--ca <file>', 'trust the PEM certificates in this file, not those of the system')
    .option('--crl <file>', 'mind this revocation list; may be repeated', collect, [])
    .addOption(
      new Option('--profile <profile>', 'whose rules on certificates count')
        .choices(['rfc5280', 'webpki', 'tolerant'])
        .default('rfc5280'),
    )
    .option('--time <iso>', 'judge the chain at this time, not now', parseTime)
    .option('--alpn <protocols>', 'offer these by ALPN, comma-separated', parseList)
    .option('--timeout <seconds>', 'how long to wait for a host', parseSeconds, 10)
    .option('--all', 'print long lists of names whole, and the extensions', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', more)
    .action(async (word: string, flags: Flags) => {
      const report = await examine(word, flags, environment)
      environment.stdout.write(print(report, flags, environment))
      onVerdict(report.verifies ? 0 : 1)
    })
}

async function examine(
  word: string,
  flags: Flags,
  environment: CliEnvironment,
): Promise<ChainReport> {
  const kind = flags.file ? 'file' : flags.connect ? 'peer' : undefined
  const target = parseTarget(word, kind, existsSync)
  const trust = await openTrust(flags, environment)
  const { clock, signal } = environment
  if (target.kind === 'file') {
    const password = await readPassword(flags.passwordFile, environment)
    const chain = await chainFromFile(target.path, { ...environment, password })
    const judged = judgedBy(flags, flags.name, clock.now())
    const verification = await judge(chain, judged, trust, signal)
    return reportChain(chain, verification, judged, trust)
  }
  const chain = await chainFromPeer({ ...flags, ...target, database: trust.database }, environment)
  const judged = judgedBy(flags, flags.name ?? withoutZone(target.host), clock.now())
  // The connection has judged what it is for itself, and the engine with it: only at its own time.
  const isOther = flags.time !== undefined || flags.purpose !== 'serverAuth'
  const verification = isOther ? await judge(chain, judged, trust, signal) : chain.verification
  return reportChain(chain, verification, judged, trust)
}

/** The first line of a file, as bytes; what ends the line is no part of it. */
async function readPassword(
  path: string | undefined,
  { stdin, signal }: CliEnvironment,
): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined
  const bytes = await readInput(path, stdin, signal)
  const end = bytes.findIndex((byte) => byte === LF || byte === CR)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

const LF = 0x0a
const CR = 0x0d

function judge(
  { leaf, certificates }: Awaited<ReturnType<typeof chainFromFile>>,
  { name, purpose, at }: JudgedBy,
  { database }: Trust,
  signal: AbortSignal,
): ReturnType<typeof judgeChain> {
  const identity = name === null ? undefined : { hostname: name }
  return judgeChain(leaf, certificates, {
    database,
    purpose,
    identity,
    time: Date.parse(at),
    signal,
  })
}

function judgedBy(
  { purpose, profile, time }: Flags,
  name: string | undefined,
  now: number,
): JudgedBy {
  return { at: new Date(time ?? now).toISOString(), name: name ?? null, purpose, profile }
}

function print(report: ChainReport, { all, json }: Flags, { stdout }: CliEnvironment): string {
  if (json) return `${printableJson(JSON.stringify(report, null, 2))}\n`
  const { columns, colors } = stdout
  return formatChain(report, { columns, colors, all })
}

function collect(path: string, paths: readonly string[]): string[] {
  return [...paths, path]
}

function parseList(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.every((part) => part !== '')) return parts
  throw new InvalidArgumentError('A protocol in it is empty.')
}

/** A date alone is its first instant in UTC. */
function parseTime(text: string): number {
  const isIso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
  const time = isIso ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new InvalidArgumentError('It is not like 2030-12-31 or 2030-12-31T23:59:59Z.')
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && seconds > 0 && seconds <= LONGEST_TIMEOUT) return seconds
  throw new InvalidArgumentError(`It is not between 0 and ${LONGEST_TIMEOUT}.`)
}

/** A day. */
const LONGEST_TIMEOUT = 86_400

/** A zone says by which interface an address is reached, not who is there. */
function withoutZone(host: string): string {
  return host.includes(':') ? host.replace(/%.*$/, '') : host
}
