import type { VectorCase } from './vector-case.js'

/** The cases of x509-limbo. */
export function limboCases(json: string): VectorCase[] {
  const { testcases } = JSON.parse(json) as { testcases: LimboCase[] }
  return testcases.map((one) => ({
    suite: 'limbo',
    id: one.id,
    leaf: derOf(one.peer_certificate),
    others: one.untrusted_intermediates.map(derOf),
    anchors: one.trusted_certs.map(derOf),
    time: Date.parse(one.validation_time ?? BUILT),
    host: one.expected_peer_name.value,
    maxIntermediates: one.max_chain_depth ?? undefined,
    // Some cases of the two say the opposite of each other.
    profile: one.id.startsWith('webpki::') ? 'webpki' : 'rfc5280',
    isValid: one.expected_result === 'SUCCESS',
    isArguable: false,
  }))
}

interface LimboCase {
  readonly id: string
  readonly peer_certificate: string
  readonly untrusted_intermediates: readonly string[]
  readonly trusted_certs: readonly string[]
  readonly validation_time: string | null
  readonly expected_peer_name: { readonly value: string }
  readonly max_chain_depth: number | null
  readonly expected_result: 'SUCCESS' | 'FAILURE'
}

/** Only takes off the armour: what cannot be parsed is a case of its own. */
function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64')
}

/** When the vectors were made: a case without a time of its own is valid then. */
const BUILT = '2023-12-02T00:00:00Z'
