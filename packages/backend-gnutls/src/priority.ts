import type { TlsProtocolVersion } from '@tlsio/core'
import { compareVersions } from '@tlsio/core'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'

/** What libgnutls calls the versions we speak. */
const versions: readonly (readonly [TlsProtocolVersion, string])[] = [
  ['TLSv1.3', 'VERS-TLS1.3'],
  ['TLSv1.2', 'VERS-TLS1.2'],
  ['DTLSv1.2', 'VERS-DTLS1.2'],
]

/**
 * What libgnutls calls normal, but for its favourites, which come first here.
 *
 * Of the groups X25519, which most peers have, and which takes three quarters of the time of P-256. Some
 * servers have only P-256, such as vsftpd: a key share is sent of each of the two.
 *
 * Of the ciphers AES-128-GCM, as strong as these groups: it comes with SHA-256, and a handshake of TLS 1.3
 * is hundreds of hashes. With AES-256-GCM and SHA-384 it takes an eighth more time.
 */
const NORMAL = [
  'NORMAL:-CIPHER-ALL:+AES-128-GCM:+CIPHER-ALL:-GROUP-ALL',
  ...['X25519', 'SECP256R1', 'X448', 'SECP384R1', 'SECP521R1'].map((name) => `+GROUP-${name}`),
  ...[2048, 3072, 4096, 6144, 8192].map((bits) => `+GROUP-FFDHE${bits}`),
].join(':')

/** From the oldest to the newest version. */
export interface VersionRange {
  readonly minVersion: TlsProtocolVersion
  readonly maxVersion: TlsProtocolVersion
}

/**
 * What libgnutls may agree to.
 *
 * @param rules - in its own language, without versions.
 */
export function priorityString(
  { minVersion, maxVersion }: VersionRange,
  rules: string = NORMAL,
): string {
  const names = versions
    .filter(
      ([version]) =>
        compareVersions(version, minVersion) >= 0 && compareVersions(version, maxVersion) <= 0,
    )
    .map(([, name]) => `:+${name}`)
  // Tickets of TLS 1.3 are used with a fresh key exchange only: with this one, which adds no cipher
  // suite, `psk_dhe_ke` is all that is offered (RFC 8446 §4.2.9).
  return `${rules}:-VERS-ALL${names.join('')}:+ECDHE-PSK`
}

/** Priorities by what they are made of: reading one takes longer than anything else before the handshake. */
export class Priorities {
  readonly #gnutls: Gnutls
  readonly #known = new Map<string, Address>()

  constructor(gnutls: Gnutls) {
    this.#gnutls = gnutls
  }

  /**
   * The `gnutls_priority_t`, ours as long as the thread runs.
   *
   * @param rules - as for {@link priorityString}.
   * @throws {@link GnutlsError}
   */
  get(range: VersionRange, rules?: string): Address {
    const { minVersion, maxVersion } = range
    const key = `${minVersion} ${maxVersion} ${rules === undefined ? '' : `:${rules}`}`
    let priority = this.#known.get(key)
    if (priority === undefined) {
      const { functions, ledger } = this.#gnutls
      const text = priorityString(range, rules)
      priority = this.#gnutls.handle((made) => functions.priority_init(made, text, null))
      this.#known.set(key, priority)
      ledger.own(this, 'priority', deinit(this.#gnutls, priority))
    }
    return priority
  }
}

/** In a function of its own, so that it holds on to nothing else. */
function deinit({ functions }: Gnutls, priority: Address): () => void {
  return () => functions.priority_deinit(priority)
}
