import { TlsError } from '@tlsio/core'
import type { CipherProvider } from './cipher-provider.js'
import { forgeCiphers } from './forge-ciphers.js'
import { nobleCiphers } from './noble-ciphers.js'
import { nodeCiphers } from './node-ciphers.js'

/**
 * Which library encrypts records: node:crypto, @noble/ciphers or forge itself; `fastest` is the first
 * of these that the runtime has.
 */
export type CipherLibrary = 'fastest' | 'node' | 'noble' | 'forge'

/**
 * The ciphers of a library.
 *
 * @throws TypeError if there is none of that name; {@link TlsError} `TLS_NOT_SUPPORTED` if the
 *   runtime does not have it.
 */
export function chooseCiphers(library: CipherLibrary): CipherProvider {
  switch (library) {
    case 'fastest':
      return nodeCiphers() ?? nobleCiphers
    case 'node':
      return nodeCiphers() ?? missing()
    case 'noble':
      return nobleCiphers
    case 'forge':
      return forgeCiphers
    default:
      throw new TypeError(
        `The option ciphers is 'fastest', 'node', 'noble' or 'forge', not ${JSON.stringify(library)}.`,
      )
  }
}

function missing(): never {
  const message = 'This runtime has no node:crypto; the ciphers "noble" and "forge" run anywhere.'
  throw new TlsError('TLS_NOT_SUPPORTED', message)
}
