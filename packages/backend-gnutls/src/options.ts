import type { BackendOptions } from '@tlsio/core'

/** What the backend over GnuTLS can be told beside what every backend can. */
export interface GnutlsBackendOptions extends BackendOptions {
  /**
   * Name or path of the library; nothing else is tried then. Default: the environment variable
   * `TLSIO_GNUTLS_LIBRARY`, else the names that it has on the platform, such as `libgnutls.so.30`.
   */
  readonly library?: string | undefined
  /**
   * What GnuTLS may agree to, in its own language, in place of `NORMAL` with AES-128-GCM as the first cipher
   * and X25519 as the first group: for example `SECURE192:%SERVER_PRECEDENCE`. Versions are not set by it,
   * but by `minVersion` and `maxVersion`. For those who know what they do: it can weaken everything.
   *
   * A client that resumes a session then sends two key shares; without it one, if the server took X25519.
   *
   * @see https://www.gnutls.org/manual/html_node/Priority-Strings.html
   */
  readonly priority?: string | undefined
  /**
   * Most bytes of plaintext in a record that is sent, and in one that the peer is asked to send (RFC
   * 8449): for links or peers with little memory. 512 to 16,384, which is the default.
   */
  readonly maxRecordSize?: number | undefined
  /**
   * Paths of the PKCS #11 modules that tokens are looked for in, such as
   * `/usr/lib/softhsm/libsofthsm2.so`. They are loaded when a token is first needed, and stay in the
   * process, where all backends over the same library see them; a module there is code that runs with
   * all rights of the program. Default: those that the system has configured for p11-kit.
   *
   * GnuTLS loads those of the system first or not at all. A backend with this option sees them if another
   * has loaded them; one without it cannot load them after one with it: its tokens are `TLS_MISC`.
   *
   * @see https://p11-glue.github.io/p11-glue/p11-kit/manual/config.html
   */
  readonly pkcs11Modules?: readonly string[] | undefined
}
