import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Judgement } from './judge.js'
import type { VectorCase } from './vector-case.js'

/** What `openssl verify` says, as the measure of what is usual. */
export class OpenSsl {
  readonly version: string
  readonly #folder: string

  private constructor(version: string, folder: string) {
    this.version = version
    this.#folder = folder
  }

  /** `undefined` if there is no openssl command. */
  static async find(): Promise<OpenSsl | undefined> {
    try {
      const { stdout } = await run('openssl', ['version'])
      const folder = await mkdtemp(join(tmpdir(), 'tlsio-vectors-'))
      return new OpenSsl(stdout.trim(), folder)
    } catch {
      return undefined
    }
  }

  async judge(one: VectorCase): Promise<Judgement> {
    const name = `${one.suite}-${one.id.replace(/\W/g, '_')}`
    const [leaf, others, anchors] = await Promise.all([
      this.#write(`${name}-leaf.pem`, [one.leaf]),
      this.#write(`${name}-others.pem`, one.others),
      this.#write(`${name}-anchors.pem`, one.anchors),
    ])
    const arguments_ = [
      ...['verify', '-no-CApath', '-no-CAstore', '-CAfile', anchors],
      ...(one.others.length === 0 ? [] : ['-untrusted', others]),
      ...['-attime', String(Math.floor(one.time / 1000)), '-purpose', 'sslserver'],
      ...(one.maxIntermediates === undefined
        ? []
        : ['-verify_depth', String(one.maxIntermediates)]),
      ...[isIP(one.host) === 0 ? '-verify_hostname' : '-verify_ip', one.host],
      leaf,
    ]
    try {
      await run('openssl', arguments_)
      return { isAccepted: true, reasons: [] }
    } catch (error) {
      const { stderr = '', code } = error as { stderr?: string; code?: unknown }
      const reasons = [...stderr.matchAll(/^error \d+ at .*$/gm)].map(([line]) => line)
      return { isAccepted: false, reasons: reasons.length === 0 ? [`exit ${code}`] : reasons }
    }
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #write(name: string, certificates: readonly Uint8Array[]): Promise<string> {
    const file = join(this.#folder, name)
    await writeFile(file, certificates.map(pemOf).join(''))
    return file
  }
}

const run = promisify(execFile)

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
