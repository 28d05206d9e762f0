// What several test files need: a world for the command line, a server, certificates to measure.
import { spawn } from 'node:child_process'
import { type KeyObject, sign, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier, Certificate, type TBSCertificate } from '@peculiar/asn1-x509'
import { createNodeBackend } from '@tlsio/backend-node'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { ManualClock } from '@tlsio/conformance'
import type { CertificateFixture } from '@tlsio/conformance/fixtures'
import {
  type Clock,
  systemClock,
  type TlsBackend,
  TlsCertificate,
  type TlsInteraction,
} from '@tlsio/core'
import { CLOCK, createTlsContainer, TLS_BACKEND } from '@tlsio/core/di'
import { listenTcp } from '@tlsio/core/node'
import type { ExecutionContext } from 'ava'
import { type CliOutput, runCli } from '#src/cli.js'

/** When most tests take place. */
export const NOW = Date.parse('2030-06-15T12:00:00Z')

/** How a run ended and what it said. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What is unlike a pipe in the middle of 2030, with a node backend. */
export interface World {
  readonly now?: number
  readonly columns?: number
  readonly colors?: boolean
  readonly stdin?: string | Uint8Array
  readonly signal?: AbortSignal
  readonly backend?: () => TlsBackend
  readonly interaction?: TlsInteraction
}

/** Runs the command line in this process. */
export async function run(words: readonly string[], world: World = {}): Promise<Ended> {
  const { now = NOW, columns, colors = false, stdin, signal = new AbortController().signal } = world
  const clock = new ManualClock(now)
  const [stdout, stderr] = [new Collected(columns, colors), new Collected(columns, colors)]
  const status = await runCli(words, {
    backend: world.backend ?? (() => nodeBackend(clock)),
    clock,
    stdin: Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
    interaction: world.interaction ?? {},
    stdout,
    stderr,
    signal,
  })
  return { status, stdout: stdout.text, stderr: stderr.text }
}

/** Runs the program as a shell would, with `environment` in place of our own. */
export async function runProgram(
  words: readonly string[],
  { environment = {}, stdin = '' }: { environment?: Record<string, string>; stdin?: string } = {},
): Promise<Ended> {
  const path = fileURLToPath(new URL('../../bin/tlsio.js', import.meta.url))
  const child = spawn(process.execPath, [path, ...words], {
    env: { PATH: process.env.PATH, ...environment },
    timeout: 30_000,
  })
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { status, stdout, stderr }
}

/** Starts a TLS server on a free port of 127.0.0.1, until the test ends. */
export async function serve(
  t: ExecutionContext,
  { certificate, privateKey }: CertificateFixture,
  settings: { readonly advertisedProtocols?: readonly string[] } = {},
): Promise<number> {
  const backend = createNodeBackend()
  const options = { certificate: TlsCertificate.fromPem(certificate + privateKey), ...settings }
  const listener = await listenTcp({ port: 0 }, async (stream) => {
    const connection = backend.createServerConnection(stream, options)
    try {
      while ((await connection.read()) !== null);
      await connection.close()
    } catch {
      connection.abort()
    }
  })
  t.teardown(() => listener.close())
  return listener.port
}

/** A folder with these files, until the test ends; gives the path of one. */
export async function folderWith(
  t: ExecutionContext,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-cli-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return (name) => join(folder, name)
}

/** Serial number and SHA-256 of the first certificate of a text, as Node has them. */
export function marksOf(pem: string): { readonly serial: string; readonly sha256: string } {
  const { serialNumber, fingerprint256 } = new X509Certificate(pem)
  return {
    serial: serialNumber.toLowerCase(),
    sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/**
 * A certificate that was changed after it was signed: printing is not verifying. With a key on P-256
 * it is signed anew.
 */
export function altered(
  pem: string,
  change: (tbs: TBSCertificate) => void,
  signer?: KeyObject,
): Uint8Array {
  const certificate = AsnConvert.parse(TlsCertificate.fromPem(pem).der, Certificate)
  const { tbsCertificate } = certificate
  change(tbsCertificate)
  // The library keeps the bytes it has read.
  delete certificate.tbsCertificateRaw
  if (signer !== undefined) {
    tbsCertificate.signature = ecdsaWithSha256()
    certificate.signatureAlgorithm = ecdsaWithSha256()
    certificate.signatureValue = signatureOn(AsnConvert.serialize(tbsCertificate), signer)
  }
  return new Uint8Array(AsnConvert.serialize(certificate))
}

/** RFC 5758 §3.2. */
export function ecdsaWithSha256(): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })
}

/** A signature by a key on P-256. */
export function signatureOn(signed: ArrayBuffer, signer: KeyObject): ArrayBuffer {
  return new Uint8Array(sign('sha256', new Uint8Array(signed), signer)).buffer
}

function nodeBackend(clock: Clock = systemClock): TlsBackend {
  return createTlsContainer(registerNodeBackend, (container) =>
    container.register(CLOCK, { useValue: clock }),
  ).resolve(TLS_BACKEND)
}

class Collected implements CliOutput {
  text = ''
  readonly columns: number | undefined
  readonly colors: boolean

  constructor(columns: number | undefined, colors: boolean) {
    this.columns = columns
    this.colors = colors
  }

  write(text: string): void {
    this.text += text
  }
}
