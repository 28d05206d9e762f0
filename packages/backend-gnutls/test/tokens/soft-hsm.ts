import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '@tlsio/real-peers'
import test, { type ExecutionContext } from 'ava'

/** What a token gets in the beginning, each under the label `a` unless it says another. */
export interface Contents {
  /** PEM of certificates, by their labels. */
  readonly certificates?: Readonly<Record<string, string>>
  /** PEM of private keys, by their labels. */
  readonly keys?: Readonly<Record<string, string>>
  /** What p11tool is told beside that: `--mark-private` hides certificates, too. */
  readonly marks?: readonly string[]
}

/** Where distributions put SoftHSM's module. */
const places = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]

const found = places.find((path) => existsSync(path))
const util = findProgram('softhsm2-util')
const tool = findProgram('p11tool')

/** SoftHSM's module. */
export const module: string = found ?? ''

/** What is missing to run the tests. */
const missing = Object.entries({ SoftHSM: found && util, p11tool: tool })
  .filter(([, path]) => path === undefined)
  .map(([name]) => name)

/** The PIN of all tokens. */
export const PIN = '1234'

/**
 * Makes tokens, by their labels, in a folder of their own: SoftHSM reads its configuration when it is
 * loaded, and finds no tokens that were made afterwards.
 */
export function makeTokens(tokens: Readonly<Record<string, Contents>>): void {
  if (missing.length > 0) return
  const folder = mkdtempSync(join(tmpdir(), 'tlsio-tokens-'))
  const configuration = join(folder, 'softhsm2.conf')
  mkdirSync(join(folder, 'tokens'))
  writeFileSync(
    configuration,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  process.env.SOFTHSM2_CONF = configuration
  test.after.always(() => rmSync(folder, { recursive: true }))
  for (const [label, contents] of Object.entries(tokens)) makeToken(folder, label, contents)
}

function makeToken(folder: string, label: string, contents: Contents): void {
  const { certificates = {}, keys = {}, marks = [] } = contents
  run(util, '--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', PIN)
  const write = (name: string, option: string, pem: string) => {
    const file = join(folder, 'object.pem')
    writeFileSync(file, pem)
    const object = [option, file, '--label', name, '--id', Buffer.from(name).toString('hex')]
    const login = ['--provider', module, '--login', '--set-pin', PIN]
    run(tool, ...login, '--write', ...object, ...marks, `pkcs11:token=${label}`)
  }
  for (const [name, pem] of Object.entries(certificates)) write(name, '--load-certificate', pem)
  for (const [name, pem] of Object.entries(keys)) write(name, '--load-privkey', pem)
}

function run(program = '', ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' })
}

/** Adds a test that needs tokens; it skips, and says why, where they cannot be made. */
export function onTokens(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (missing.length === 0) test.serial(title, body)
  else test.skip(`${title} (${missing.join(' and ')} not installed)`, body)
}
