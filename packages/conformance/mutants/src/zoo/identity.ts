import { X509Certificate } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { type TlsCertificate, TlsCertificateFlags } from '@tlsio/core'
import { type CanonicalIdentity, canonicalIdentity } from '@tlsio/core/backend'
import { withClientErrors } from '../breaking/verdicts.js'
import type { Mutant } from '../mutant.js'

const { BAD_IDENTITY } = TlsCertificateFlags

/** A client that has its own opinion of whom a certificate is for. */
function judging(
  isFor: (certificate: TlsCertificate, expected: CanonicalIdentity, core: boolean) => boolean,
): Mutant['create'] {
  return withClientErrors((errors, certificate, { serverIdentity }) => {
    if (serverIdentity === null) return errors
    const core = (errors & BAD_IDENTITY) === 0
    const mine = isFor(certificate, canonicalIdentity(serverIdentity), core)
    return mine ? errors & ~BAD_IDENTITY : errors | BAD_IDENTITY
  })
}

/** One that also takes a name for the one expected if `matches` says so. */
function alsoFor(matches: (entry: string, host: string) => boolean): Mutant['create'] {
  return judging(
    ({ dnsNames }, { kind, host }, core) =>
      core || (kind === 'name' && dnsNames.some((entry) => matches(entry.toLowerCase(), host))),
  )
}

/** `DNS:a.test, URI:https://a.test/`. */
function namesOf(certificate: TlsCertificate): string[] {
  return new X509Certificate(certificate.pem).subjectAltName?.split(', ') ?? []
}

function commonNameOf({ subjectName }: TlsCertificate): string | undefined {
  return /(?:^|,)CN=([^,]*)/.exec(subjectName)?.[1]
}

const labelsOf = (name: string): string[] => name.split('.')

/** A server of another name is how a handshake is made to fail elsewhere. */
const wrongName = {
  handshake: 'a server of another name makes it fail',
  'channel-binding': 'there is none after a server of another name',
  'session-resumption': 'a session is offered to no other name',
  sessions: 'there is none of a server of another name',
  'copy-session-state': 'a session is copied to no other name',
}

export const identityMutants: readonly Mutant[] = [
  {
    name: 'identity-of-nobody-is-anybody',
    breaks: 'identity-expected',
    showsIn: { 'copy-session-state': 'a client that expects nobody copies, too' },
    create: withClientErrors((errors, _, { serverIdentity }) =>
      serverIdentity === null ? errors & ~BAD_IDENTITY : errors,
    ),
  },
  {
    name: 'identity-not-checked',
    breaks: 'identity-by-dns-name',
    showsIn: { ...wrongName, tickets: 'a wrong server refuses a ticket there' },
    create: alsoFor(() => true),
  },
  {
    name: 'identity-by-the-first-name-only',
    breaks: 'identity-by-dns-name',
    showsIn: {
      handshake: 'the identity is set late, to the second name of a certificate',
      'session-resumption': 'sessions are apart for two names of one certificate',
      'copy-session-state': 'a copy goes to the other name of a certificate',
    },
    create: judging(({ dnsNames: [first] }, { kind, host }, core) =>
      kind === 'name' && first !== undefined && !first.includes('*') ? first === host : core,
    ),
  },
  {
    name: 'identity-by-the-end-of-a-name',
    breaks: 'identity-by-dns-name',
    create: alsoFor((entry, host) => host.endsWith(`.${entry}`)),
  },
  {
    name: 'identity-without-underscores',
    breaks: 'identity-by-dns-name',
    create: judging((_, { host }, core) => core && !host.includes('_')),
  },
  {
    name: 'identity-without-international-names',
    breaks: 'identity-by-dns-name',
    create: judging((_, { host }, core) => core && !host.startsWith('xn--')),
  },
  {
    name: 'identity-as-it-was-typed',
    breaks: 'identity-by-dns-name',
    showsIn: { 'client-authentication': 'a server is asked for by a name in capitals' },
    create: withClientErrors((errors, _, { serverIdentity }) =>
      serverIdentity !== null &&
      'hostname' in serverIdentity &&
      /[A-Z]|\.$/.test(serverIdentity.hostname)
        ? errors | BAD_IDENTITY
        : errors,
    ),
  },
  {
    name: 'wildcard-for-several-labels',
    breaks: 'identity-by-wildcard',
    create: alsoFor(
      (entry, host) =>
        /^\*\.[^*]+\.[^*]+$/.test(entry) && host.endsWith(entry.slice(1)) && host !== entry,
    ),
  },
  {
    name: 'wildcard-for-no-label',
    breaks: 'identity-by-wildcard',
    create: alsoFor((entry, host) => entry === `*.${host}`),
  },
  {
    name: 'wildcard-as-a-part-of-a-label',
    breaks: 'identity-by-wildcard',
    create: alsoFor((entry, host) => {
      const [first = '', ...rest] = labelsOf(entry)
      const [label = '', ...below] = labelsOf(host)
      return first.endsWith('*') && first !== '*' && rest.join('.') === below.join('.')
        ? label.startsWith(first.slice(0, -1))
        : false
    }),
  },
  {
    name: 'wildcard-twice',
    breaks: 'identity-by-wildcard',
    create: alsoFor((entry, host) => {
      const given = labelsOf(host)
      return entry.startsWith('*.*.') && given.slice(2).join('.') === entry.slice(4)
    }),
  },
  {
    name: 'wildcard-for-a-top-level-domain',
    breaks: 'identity-by-wildcard',
    create: alsoFor(
      (entry, host) =>
        /^\*\.[^.*]+$/.test(entry) && entry === `*.${host.slice(host.indexOf('.') + 1)}`,
    ),
  },
  {
    name: 'address-by-a-dns-name',
    breaks: 'identity-by-address',
    create: judging(
      ({ dnsNames }, { kind, host }, core) => core || (kind === 'ip' && dnsNames.includes(host)),
    ),
  },
  {
    name: 'address-mapped-is-the-same',
    breaks: 'identity-by-address',
    create: judging(({ ipAddresses }, { kind, host }, core) => {
      const [a = 0, b = 0, c = 0, d = 0] = labelsOf(host).map(Number)
      const mapped = `::ffff:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
      return core || (kind === 'ip' && ipAddresses.includes(mapped))
    }),
  },
  {
    name: 'address-compared-as-text',
    breaks: 'identity-by-address',
    create: withClientErrors((errors, { ipAddresses }, { serverIdentity }) =>
      serverIdentity !== null &&
      'address' in serverIdentity &&
      !ipAddresses.includes(serverIdentity.address)
        ? errors | BAD_IDENTITY
        : errors,
    ),
  },
  {
    name: 'address-given-as-a-host-name-is-none',
    breaks: 'identity-by-address',
    create: withClientErrors((errors, { dnsNames }, { serverIdentity }) => {
      if (serverIdentity === null || !('hostname' in serverIdentity)) return errors
      const { kind, host } = canonicalIdentity(serverIdentity)
      return kind === 'ip' && !dnsNames.includes(host) ? errors | BAD_IDENTITY : errors
    }),
  },
  {
    name: 'common-name-if-there-is-no-other',
    breaks: 'identity-by-nothing-else',
    create: judging(
      (certificate, { host }, core) =>
        core || (certificate.dnsNames.length === 0 && commonNameOf(certificate) === host),
    ),
  },
  {
    name: 'common-name-beside-others',
    breaks: 'identity-by-nothing-else',
    create: judging(
      (certificate, { host }, core) =>
        core || (certificate.dnsNames.length > 0 && commonNameOf(certificate) === host),
    ),
  },
  {
    name: 'host-of-a-uri',
    breaks: 'identity-by-nothing-else',
    create: judging(
      (certificate, { host }, core) =>
        core || namesOf(certificate).includes(`URI:https://${host}/`),
    ),
  },
  {
    // CVE-2009-2408.
    name: 'names-cut-at-a-zero-byte',
    breaks: 'identity-malformed-entries',
    create: alsoFor((entry, host) => entry.split('\0', 1)[0] === host),
  },
  {
    name: 'names-trimmed',
    breaks: 'identity-malformed-entries',
    create: alsoFor((entry, host) => entry.trim() === host),
  },
  {
    name: 'names-with-a-dot-at-the-end',
    breaks: 'identity-malformed-entries',
    create: alsoFor((entry, host) => entry === `${host}.`),
  },
  {
    name: 'names-as-utf-8',
    breaks: 'identity-malformed-entries',
    // In small letters, as others compare names, the bytes would be others.
    create: judging(
      ({ dnsNames }, { host }, core) =>
        core ||
        dnsNames.some((entry) => {
          const text = Buffer.from(entry, 'latin1').toString()
          return text !== entry && domainToASCII(text) === host
        }),
    ),
  },
]
