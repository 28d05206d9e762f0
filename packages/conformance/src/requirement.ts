/**
 * How much a requirement binds a backend. A `must` binds wherever it applies, also where a capability
 * must be claimed, or not be claimed, for it to apply: what breaks it is not safe or not
 * interchangeable. A `should` is something that a backend may do without, if it says so in its
 * capabilities. A `may` is something beyond that, asked of those only that claim it.
 */
export type RequirementLevel = 'must' | 'should' | 'may'

/**
 * What a requirement examines: the backend, or core alone, which behaves alike with every backend but
 * perhaps not in every runtime.
 */
export type RequirementSubject = 'backend' | 'core'

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
  /** What they examine. */
  readonly subject: RequirementSubject
  /** In reading order. */
  readonly requirements: readonly Requirement[]
}
