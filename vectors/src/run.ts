import { judge } from './judge.js'
import type { OpenSsl } from './openssl.js'
import { type CaseResult, resultOf } from './results.js'
import type { VectorCase } from './vector-case.js'

/** Asks this library, and OpenSSL if it is there, about each case in turn. */
export async function runCases(
  cases: readonly VectorCase[],
  openssl?: OpenSsl,
  onResult?: () => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  for (const one of cases) {
    const [own, other] = await Promise.all([judge(one), openssl?.judge(one)])
    results.push(resultOf(one, own, other))
    onResult?.()
  }
  return results
}
