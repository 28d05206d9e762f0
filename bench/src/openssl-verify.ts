import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TlsCertificate } from '@tlsio/core'
import type { Baseline } from './comparison.js'

/** Paths that one process verifies for a sample, beyond the first. */
const PATHS = 400

/**
 * `openssl verify`, its work alone: what a process that verifies many paths needs longer than one that
 * verifies the first of them. Each time it reads the leaf anew, builds the path and verifies all
 * signatures. None where there is no such command.
 */
export function opensslVerify(pem: string, aim: number): Baseline[] {
  if (spawnSync('openssl', ['version']).status !== 0) return []
  const [leaf = '', ...issuers] = TlsCertificate.listFromPem(pem).map((one) => one.pem)
  return [
    {
      label: 'openssl verify, its work alone',
      aim,
      amount: PATHS,
      async round(stopwatch) {
        const folder = mkdtempSync(join(tmpdir(), 'tlsio-bench-'))
        try {
          const file = (name: string, text: string): string => {
            writeFileSync(join(folder, name), text)
            return join(folder, name)
          }
          const anchor = file('anchor.pem', issuers.at(-1) ?? '')
          const others = file('others.pem', issuers.slice(0, -1).join(''))
          const trust = ['-no-CApath', '-no-CAstore', '-CAfile', anchor, '-untrusted', others]
          const [one, many] = [1, PATHS + 1].map((count) =>
            verify([
              ...trust,
              '-purpose',
              'sslserver',
              ...Array(count).fill(file('leaf.pem', leaf)),
            ]),
          ) as [number, number]
          stopwatch.record(many - one)
        } finally {
          rmSync(folder, { recursive: true })
        }
      },
    },
  ]
}

/** How long the command takes, in seconds. */
function verify(options: readonly string[]): number {
  const before = performance.now()
  const { status, stderr } = spawnSync('openssl', ['verify', ...options], { encoding: 'utf8' })
  const elapsed = (performance.now() - before) / 1e3
  if (status !== 0) throw new Error(`openssl does not verify the path of the benchmark: ${stderr}`)
  return elapsed
}
