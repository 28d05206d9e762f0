import { TlsError } from '@tlsio/core'
import type { CipherProvider } from './cipher-provider.js'
import { forgeCiphers } from './forge-ciphers.js'
import { nobleCiphers } from './noble-ciphers.js'
import { nodeCiphers } from './node-ciphers.js'
import { webCiphers } from './web-ciphers.js'

/**
 * Which library encrypts records: node:crypto, WebCrypto, \@noble/ciphers or forge itself; `fastest`
 * is the first of these that the runtime has. A page has WebCrypto if it came over HTTPS or from the
 * machine itself.
 */
export type CipherLibrary = 'fastest' | 'node' | 'webcrypto' | 'noble' | 'forge'

/**
 * The ciphers of a library.
 *
 * @throws TypeError if there is none of that name; {@link TlsError} `TLS_NOT_SUPPORTED` if the
 *   runtime does not have it.
 */
export function chooseCiphers(library: CipherLibrary): CipherProvider {
  switch (library) {
    case 'fastest':
      return nodeCiphers() ?? webCiphers() ?? nobleCiphers
    case 'node':
      return nodeCiphers() ?? missing('node:crypto')
    case 'webcrypto':
      return webCiphers() ?? missing('WebCrypto')
    case 'noble':
      return nobleCiphers
    case 'forge':
      return forgeCiphers
    default:
      throw new TypeError(`The option ciphers is ${LIBRARIES}, not ${JSON.stringify(library)}.`)
  }
}

const LIBRARIES = "'fastest', 'node', 'webcrypto', 'noble' or 'forge'"

function missing(what: string): never {
  const message = `There is no ${what} here; the ciphers "noble" and "forge" run anywhere.`
  throw new TlsError('TLS_NOT_SUPPORTED', message)
}
