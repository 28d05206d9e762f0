import type { TlsChannelBindingType } from './channel-binding.js'
import type { TlsProtocolVersion } from './protocol-version.js'
import type { CertificateKeyType } from './x509.js'

/**
 * What a backend can do, stated once, by the backend. What it cannot is refused with
 * `TLS_NOT_SUPPORTED` and never ignored; what it claims is proven by the conformance suite.
 */
export interface TlsCapabilities {
  /** Versions of TLS it speaks by default, the oldest first; empty for a backend that cannot do TLS. */
  readonly protocolVersions: readonly TlsProtocolVersion[]
  /**
   * Versions of DTLS it speaks by default, the oldest first; empty for a backend that cannot do DTLS.
   * What the other members claim holds for DTLS as well, but for sessions: there are none.
   */
  readonly dtlsVersions: readonly TlsProtocolVersion[]
  /** Whether it can make client connections. */
  readonly client: boolean
  /** Whether it can make server connections. */
  readonly server: boolean
  /** Kinds of keys that a certificate of our own may have, on either end. */
  readonly certificateKeys: readonly CertificateKeyType[]
  /** Application-Layer Protocol Negotiation (RFC 7301). */
  readonly alpn: boolean
  /** Whether its clients resume sessions. */
  readonly sessionResumption: boolean
  /** Whether its servers give out sessions and resume them. */
  readonly serverSessionResumption: boolean
  /** Whether its clients can authenticate with a certificate. */
  readonly clientCertificates: boolean
  /**
   * When a client's interaction is asked for a certificate: when the server wants one, or before
   * every handshake.
   */
  readonly certificateRequest: 'during-handshake' | 'before-handshake' | 'never'
  /** Whether its clients know which authorities the server named. */
  readonly acceptedCas: boolean
  /**
   * Whether its engine verifies chains by itself, too: what it finds counts beside core's own
   * verification, which every backend has. See `PeerVerification.engineErrors`.
   */
  readonly chainVerification: boolean
  /** Whether its clients can ask for an OCSP staple and hand it over (RFC 6066 §8). */
  readonly ocspStapling: boolean
  /** Whether its servers can ask for a client's certificate. */
  readonly clientAuthentication: boolean
  /**
   * TLS 1.3 tickets its servers give on a full and on a resumed handshake; `null` if it has none.
   */
  readonly ticketsPerHandshake: {
    /** On a full handshake. */
    readonly full: number
    /** On a resumed one: 0 means that tickets are not renewed. */
    readonly resumed: number
  } | null
  /**
   * When a connection can be told to detect truncation: at any time, only before the handshake
   * (at a price, see the backend's documentation), or never.
   */
  readonly truncationDetection: 'always' | 'before-handshake' | 'never'
  /**
   * Channel bindings it can give; that a connection has one depends on its version and certificate.
   */
  readonly channelBindings: readonly TlsChannelBindingType[]
  /** Exported keying material (RFC 5705, RFC 8446 §7.5). */
  readonly keyingMaterialExport: boolean
  /** Key log in NSS format, for reading captured traffic. */
  readonly keyLog: boolean
  /** Whether one direction can be closed while the other goes on. */
  readonly halfClose: boolean
  /** Whether certificates of our own, and their keys, may be in a token, named by PKCS #11 URIs (RFC 7512). */
  readonly pkcs11: boolean
}

/** Nothing at all: of a backend that refuses everything, and where one begins that can do little. */
export const noCapabilities: TlsCapabilities = Object.freeze({
  protocolVersions: Object.freeze([]),
  dtlsVersions: Object.freeze([]),
  client: false,
  server: false,
  certificateKeys: Object.freeze([]),
  alpn: false,
  sessionResumption: false,
  serverSessionResumption: false,
  clientCertificates: false,
  certificateRequest: 'never',
  acceptedCas: false,
  chainVerification: false,
  ocspStapling: false,
  clientAuthentication: false,
  ticketsPerHandshake: null,
  truncationDetection: 'never',
  channelBindings: Object.freeze([]),
  keyingMaterialExport: false,
  keyLog: false,
  halfClose: false,
  pkcs11: false,
})
