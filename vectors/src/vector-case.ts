import type { PathProfile } from '@tlsio/core/backend'

/** The suites, in the order of the report. */
export const suites = ['limbo', 'bettertls-pathbuilding', 'bettertls-nameconstraints'] as const

/** Name of a suite. */
export type Suite = (typeof suites)[number]

/** One question to a validator, and the answer its authors expect. */
export interface VectorCase {
  readonly suite: Suite
  readonly id: string
  /** DER, as all certificates here. */
  readonly leaf: Uint8Array
  readonly others: readonly Uint8Array[]
  readonly anchors: readonly Uint8Array[]
  /** In milliseconds since 1970. */
  readonly time: number
  /** Host name or IP address. */
  readonly host: string
  readonly maxIntermediates: number | undefined
  /** Whose rules the case is about. */
  readonly profile: PathProfile
  readonly isValid: boolean
  /** Whether its authors would not blame the other answer. */
  readonly isArguable: boolean
}
