import { CredentialsByAnchors } from './credentials.js'
import type { Gnutls } from './gnutls.js'
import { OwnIdentities } from './own-identity.js'
import { Priorities } from './priority.js'

/** What the engines of a backend have in common. */
export interface EngineContext extends Shared {
  /** What may be agreed to, less the versions; `undefined` for the default. */
  readonly priority: string | undefined
}

/** What is costly to make: all backends of a thread share it. */
interface Shared {
  readonly gnutls: Gnutls
  readonly priorities: Priorities
  readonly credentials: CredentialsByAnchors
  readonly identities: OwnIdentities
}

/** Puts it together. */
export function engineContext(gnutls: Gnutls, priority: string | undefined): EngineContext {
  let shared = known.get(gnutls)
  if (shared === undefined) {
    shared = {
      gnutls,
      priorities: new Priorities(gnutls),
      credentials: new CredentialsByAnchors(gnutls),
      identities: new OwnIdentities(gnutls),
    }
    known.set(gnutls, shared)
  }
  return { ...shared, priority }
}

const known = new WeakMap<Gnutls, Shared>()
