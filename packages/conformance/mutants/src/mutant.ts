import type { CreateBackend } from '@tlsio/conformance'
import type { TlsProtocolVersion } from '@tlsio/core'

/** A backend that is good but for one thing. */
export interface Mutant {
  /** What it does wrong in a few words, in lower case with hyphens. */
  readonly name: string
  /** `id` of the requirement that it breaks. */
  readonly breaks: string
  /**
   * Areas besides those of the requirement's own cases where it cannot but show, and why it is the
   * same rule.
   */
  readonly showsIn?: Readonly<Record<string, string>> | undefined
  /** The version at which it shows. Default: TLS 1.3. */
  readonly version?: TlsProtocolVersion | undefined
  /**
   * Makes it. What it changes of the library, which it says by `noteLibraryChange`, is changed for
   * itself only: the next one is run in another thread.
   */
  readonly create: CreateBackend
}
