/**
 * How much a requirement binds a backend (RFC 2119): without a `must` it is not safe or not
 * interchangeable; a `should` has exceptions that a backend states in its capabilities; a `may` is
 * there only where it claims it.
 */
export type RequirementLevel = 'must' | 'should' | 'may'

/** One rule that a backend is held to. */
export interface Requirement {
  /** Short and lasting name, in lower case with hyphens, for example `ticket-offered-once`. */
  readonly id: string
  /** How much it binds. */
  readonly level: RequirementLevel
  /** What must be so, in one or two sentences. */
  readonly statement: string
  /** Where it comes from: members or behaviours of GIO, RFCs and sections, or our interface. */
  readonly source: string
  /** What checks it: whole titles of cases, `area/case`, or first parts of them. */
  readonly cases: readonly string[]
}

/** Requirements about one thing. */
export interface RequirementGroup {
  /** Heading. */
  readonly title: string
  /** In reading order. */
  readonly requirements: readonly Requirement[]
}
