/**
 * What the conformance suite needs to know of the engine over GnuTLS:
 * `npx @tlsio/conformance @tlsio/backend-gnutls/conformance`.
 *
 * @module @tlsio/backend-gnutls/conformance
 */
export { createGnutlsBackend as createBackend } from './backend.js'

const otherName =
  'GnuTLS obeys RFC 6066 §3: a TLS 1.2 server resumes no session under another server name'

const underscore = 'a server of GnuTLS takes no server name that is not letters, digits and hyphens'

/**
 * What a server of GnuTLS does otherwise for the clients of a backend: titles of cases of the suite,
 * each with the reason.
 *
 * @param client - name of the backend of the clients.
 */
export function expectedFailuresOfServers(client: string): Readonly<Record<string, string>> {
  const copies = `${client}→gnutls/TLSv1.2/copy-session-state`
  return {
    [`${copies}/between-two-names-of-one-certificate`]: otherName,
    [`${copies}/between-a-name-and-an-address-of-one-certificate`]: otherName,
  }
}

/** What it does otherwise where GnuTLS is on both ends; its limits, in every runtime. */
export const expectedFailures: Readonly<Record<string, string>> = {
  ...expectedFailuresOfServers('gnutls'),
  'gnutls/identity/underscore': underscore,
  'gnutls/identity/whole-name': underscore,
}
