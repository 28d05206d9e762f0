import { exceptions } from './exceptions.js'
import type { Judgement } from './judge.js'
import { type Suite, suites, type VectorCase } from './vector-case.js'

/** How an answer compares with the expected one. */
export type Outcome = 'agree' | 'arguable' | 'wrongly-accepted' | 'wrongly-rejected'

/** What was asked and answered. */
export interface CaseResult {
  readonly suite: Suite
  readonly id: string
  readonly isValid: boolean
  readonly own: Judgement & { readonly outcome: Outcome }
  /** `undefined` without an openssl command. */
  readonly openssl: (Judgement & { readonly outcome: Outcome }) | undefined
  /** Why this library is of another opinion, where it is known. */
  readonly exception: string | undefined
}

/** The figures of a suite for one of the two. */
export interface Tally {
  readonly suite: Suite
  readonly counts: Readonly<Record<Outcome, number>>
  /** Of what must be accepted, how much is; from 0 to 1. */
  readonly acceptedShare: number
  /** What it must be at least. */
  readonly aim: number
}

/** Puts the answers to a case together. */
export function resultOf(
  one: VectorCase,
  own: Judgement,
  openssl: Judgement | undefined,
): CaseResult {
  const { suite, id, isValid } = one
  return {
    suite,
    id,
    isValid,
    own: { ...own, outcome: outcomeOf(one, own) },
    openssl: openssl && { ...openssl, outcome: outcomeOf(one, openssl) },
    exception: exceptions.get(`${suite} ${id}`),
  }
}

/** The figures of all suites that there are results of. */
export function tallies(results: readonly CaseResult[], who: 'own' | 'openssl'): Tally[] {
  return suites
    .map((suite) => ({ suite, ofSuite: results.filter((one) => one.suite === suite) }))
    .filter(({ ofSuite }) => ofSuite.length > 0)
    .map(({ suite, ofSuite }) => {
      const counts = { agree: 0, arguable: 0, 'wrongly-accepted': 0, 'wrongly-rejected': 0 }
      for (const one of ofSuite) counts[one[who]?.outcome ?? 'agree']++
      const valid = ofSuite.filter(({ isValid }) => isValid).length
      return {
        suite,
        counts,
        acceptedShare: 1 - counts['wrongly-rejected'] / valid,
        aim: aims[suite],
      }
    })
}

/** What is not as it must be: sentences, none if all is well. */
export function shortcomings(results: readonly CaseResult[]): string[] {
  const wrong: string[] = []
  for (const { suite, id, own, exception } of results) {
    if (own.outcome === 'wrongly-accepted') wrong.push(`${suite} ${id} must be rejected.`)
    if (own.outcome === 'wrongly-rejected' && exception === undefined) {
      wrong.push(`${suite} ${id} must be accepted: ${own.reasons.join('; ')}`)
    }
    if (own.outcome === 'agree' && exception !== undefined) {
      wrong.push(`${suite} ${id} is no longer an exception.`)
    }
  }
  for (const { suite, acceptedShare, aim } of tallies(results, 'own')) {
    if (acceptedShare < aim) wrong.push(`${suite}: ${percent(acceptedShare)} is too little.`)
  }
  return wrong
}

/** A share as text. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function outcomeOf({ isValid, isArguable }: VectorCase, { isAccepted }: Judgement): Outcome {
  if (isAccepted === isValid) return 'agree'
  if (isArguable) return 'arguable'
  return isAccepted ? 'wrongly-accepted' : 'wrongly-rejected'
}

const aims: Readonly<Record<Suite, number>> = {
  limbo: 0.95,
  'bettertls-pathbuilding': 0.98,
  'bettertls-nameconstraints': 0.98,
}
