const otherName =
  'GnuTLS obeys RFC 6066 §3: a TLS 1.2 server resumes no session under another server name'

const underscore = 'a server of GnuTLS takes no server name that is not letters, digits and hyphens'

const tickets =
  "node:tls's server fails if nobody takes its tickets, and a closed stream in memory takes none"

/** What a server of GnuTLS does otherwise, and why: for the clients of a backend. */
export function serverLimits(client: string): Readonly<Record<string, string>> {
  const copies = `${client}→gnutls/TLSv1.2/copy-session-state`
  return {
    [`${copies}/between-two-names-of-one-certificate`]: otherName,
    [`${copies}/between-a-name-and-an-address-of-one-certificate`]: otherName,
  }
}

/** What it does otherwise where GnuTLS is on both ends. */
export const limits: Readonly<Record<string, string>> = {
  ...serverLimits('gnutls'),
  'gnutls/identity/underscore': underscore,
  'gnutls/identity/whole-name': underscore,
}

/** The same where its client has a server of node:tls. */
export const limitsWithNode: Readonly<Record<string, string>> = {
  'gnutls→node/TLSv1.3/close/while-the-handshake-runs': tickets,
}
