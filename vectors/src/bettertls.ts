import type { Suite, VectorCase } from './vector-case.js'

/** The cases of BetterTLS. */
export function betterTlsCases(json: string): VectorCase[] {
  const { suites, trustRoot, verifyAt } = JSON.parse(json) as BetterTls
  const anchors = [derOf(trustRoot)]
  return Object.entries(suites).flatMap(([name, { testCases }]) =>
    testCases.map((one) => {
      const [leaf, ...others] = one.certificates.map(derOf)
      if (leaf === undefined) throw new Error(`Case ${name} ${one.id} has no certificate.`)
      return {
        suite: `bettertls-${name}` as Suite,
        id: String(one.id),
        leaf,
        others,
        anchors,
        time: Date.parse(verifyAt),
        host: one.hostname,
        maxIntermediates: undefined,
        profile: 'rfc5280' as const,
        isValid: one.expected === 'ACCEPT',
        isArguable: one.failureIsWarning,
      }
    }),
  )
}

interface BetterTls {
  readonly suites: Readonly<Record<string, { readonly testCases: readonly BetterTlsCase[] }>>
  readonly trustRoot: string
  readonly verifyAt: string
}

interface BetterTlsCase {
  readonly id: number
  readonly certificates: readonly string[]
  readonly hostname: string
  readonly expected: 'ACCEPT' | 'REJECT'
  readonly failureIsWarning: boolean
}

function derOf(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64')
}
