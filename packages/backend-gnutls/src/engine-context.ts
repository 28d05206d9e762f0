import { CredentialsByAnchors } from './credentials.js'
import type { Gnutls } from './gnutls.js'
import type { GnutlsBackendOptions } from './options.js'
import { OwnIdentities } from './own-identities.js'
import { Priorities } from './priority.js'
import { Tokens } from './tokens.js'

/** What the engines of a backend have in common. */
export interface EngineContext extends Shared {
  /** What may be agreed to, less the versions; `undefined` for the default. */
  readonly priority: string | undefined
  /** Most bytes of plaintext in a record; `undefined` for the default. */
  readonly maxRecordSize: number | undefined
  /** Paths of PKCS #11 modules; `undefined` for those of the system. */
  readonly pkcs11Modules: readonly string[] | undefined
}

/** What is costly to make: all backends of a thread share it. */
interface Shared {
  readonly gnutls: Gnutls
  readonly priorities: Priorities
  readonly credentials: CredentialsByAnchors
  readonly identities: OwnIdentities
  readonly tokens: Tokens
}

/** Puts it together. */
export function engineContext(
  gnutls: Gnutls,
  options: Pick<GnutlsBackendOptions, 'priority' | 'maxRecordSize' | 'pkcs11Modules'> = {},
): EngineContext {
  let shared = known.get(gnutls)
  if (shared === undefined) {
    const tokens = new Tokens(gnutls)
    shared = {
      gnutls,
      priorities: new Priorities(gnutls),
      credentials: new CredentialsByAnchors(gnutls),
      identities: new OwnIdentities(gnutls, tokens),
      tokens,
    }
    known.set(gnutls, shared)
  }
  const { priority, maxRecordSize, pkcs11Modules } = options
  return { ...shared, priority, maxRecordSize, pkcs11Modules }
}

const known = new WeakMap<Gnutls, Shared>()
