import { X509Certificate } from 'node:crypto'
import { checkServerIdentity } from 'node:tls'
import { TlsCertificate } from '@tlsio/core'
import test from 'ava'
import fc from 'fast-check'
import { certificateMatchesIdentity } from '#src/identity-match.js'
import { canonicalIdentity } from '#src/server-identity.js'
import { ecKeys, make } from './path-validation/support/certificate-maker.js'
import { play } from './support/play.js'

/** A certificate and who is expected. */
interface Question {
  readonly dnsNames: readonly string[]
  readonly addresses: readonly string[]
  readonly commonName: string
  readonly host: string
}

interface Difference {
  /** Whether it can make a difference to this question. */
  applies(question: Question): boolean
  /** What we answer where the other one answers the opposite. */
  readonly ours: boolean
  readonly example: Question
}

const example = (question: Partial<Question>): Question => ({
  dnsNames: [],
  addresses: [],
  commonName: 'unnamed',
  host: 'a.b.test',
  ...question,
})

/** Seen in Node 22.23: it takes the address for a name. */
const missesIpv6 =
  checkServerIdentity('::1', {
    subject: { CN: 'unnamed' },
    subjectaltname: 'IP Address:0:0:0:0:0:0:0:1',
  } as never) !== undefined

/** What `tls.checkServerIdentity` does otherwise. */
const fromNode: Readonly<Record<string, Difference>> = {
  // RFC 9525 §2 forbids it.
  'it-takes-the-common-name-if-there-is-no-dns-name': {
    applies: ({ dnsNames }) => dnsNames.length === 0,
    ours: false,
    example: example({ commonName: 'a.b.test' }),
  },
  // RFC 9525 §6.3: only as the complete content of the label.
  'it-takes-a-wildcard-that-is-a-part-of-a-label': {
    applies: ({ dnsNames }) => dnsNames.some((entry) => /^[^.]*(\*[^.]|[^.]\*)/.test(entry)),
    ours: false,
    example: example({ dnsNames: ['a*.b.test'] }),
  },
  // RFC 5280 §4.2.1.6: the preferred name syntax has no dot at the end.
  'it-takes-an-entry-with-a-trailing-dot': {
    applies: ({ dnsNames }) => dnsNames.some((entry) => entry.endsWith('.')),
    ours: false,
    example: example({ dnsNames: ['a.b.test.'] }),
  },
  ...(missesIpv6 && {
    'it-takes-no-address-of-ip-6': {
      applies: ({ host }: Question) => host.includes(':'),
      ours: true,
      example: example({ addresses: ['::1'], host: '::1' }),
    },
  }),
}

/** What OpenSSL does otherwise, as `X509Certificate.checkHost` asks it. */
const fromOpenssl: Readonly<Record<string, Difference>> = {
  // A wildcard of RFC 9525 §6.3 stands for any label, and names in use have underscores.
  'it-takes-no-wildcard-beside-an-underscore': {
    applies: ({ dnsNames, host }) =>
      dnsNames.some((entry) => entry.startsWith('*.')) && host.includes('_'),
    ours: true,
    example: example({ dnsNames: ['*.b.test'], host: 'a_a.b.test' }),
  },
  'it-takes-no-wildcard-above-a-label-that-begins-or-ends-with-a-hyphen': {
    applies: ({ dnsNames }) => dnsNames.some((entry) => /^\*.*(\.-|-\.|-$)/.test(entry)),
    ours: true,
    example: example({ dnsNames: ['*.-b.test'], host: 'a.-b.test' }),
  },
}

const keys = ecKeys()

function answers({ dnsNames, addresses, commonName, host }: Question) {
  const names = [
    ...dnsNames.map((dNSName) => ({ dNSName })),
    ...addresses.map((iPAddress) => ({ iPAddress })),
  ]
  const der = make({ keys, names, name: commonName }).der
  const theirs = new X509Certificate(der)
  const identity = canonicalIdentity({ hostname: host })
  const name = identity.host
  return {
    ours: certificateMatchesIdentity(TlsCertificate.fromDerChain([der]), identity),
    node: checkServerIdentity(name, theirs.toLegacyObject() as never) === undefined,
    openssl:
      identity.kind === 'ip'
        ? theirs.checkIP(name) !== undefined
        : theirs.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined,
  }
}

const label = fc.constantFrom('a', 'b', 'ab', 'x1', 'a_b', '-a', 'b-', 'xn--bcher-kva', 'A')
const hostName = fc
  .tuple(fc.array(label, { maxLength: 3 }), fc.constantFrom('test', 'co.test', 'b'))
  .map(([labels, rest]) => [...labels, rest].join('.'))
/** As RFC 5952 writes them, and the library that makes the certificates reads them. */
const address = fc.constantFrom(
  ...['192.0.2.1', '192.0.2.2', '::1', '2001:db8::1', '2001:db8:0:1:1:1:1:1', '::ffff:c000:201'],
)
/** Characters of other meaning, in the alphabet of one byte each that an entry has. */
const oddCharacter = fc.constantFrom('*', '.', '-', '_', ' ', '\0', '\n', ',', '"', '/', '\u00FC')

/** An entry for a host, or nearly. */
function entryLike(host: string): fc.Arbitrary<string> {
  const [first = '', ...others] = host.split('.')
  const rest = others.map((one) => `.${one}`).join('')
  const near = fc.constantFrom(
    host,
    host,
    host.toUpperCase(),
    `*${rest}`,
    `*${rest}`,
    `*${rest}`.toUpperCase(),
    `*.${host}`,
    `*.*${rest}`,
    `${first.slice(0, 1)}*${rest}`,
    `*${first.slice(-1)}${rest}`,
    `${first}${rest.replace(/\.[^.]*/, '.*')}`,
    `${host}.`,
    `.${host}`,
    `x.${host}`,
    others.join('.'),
    '*',
    '',
  )
  const damaged = fc
    .tuple(near, fc.nat(40), oddCharacter, fc.nat(1))
    .map(([entry, place, character, removed]) => {
      const at = place % (entry.length + 1)
      return entry.slice(0, at) + character + entry.slice(at + removed)
    })
  return fc.oneof({ weight: 3, arbitrary: near }, damaged, hostName, address)
}

const question = fc.oneof({ weight: 4, arbitrary: hostName }, address).chain((host) =>
  fc.record<Question>({
    dnsNames: fc.array(entryLike(host), { maxLength: 2 }),
    addresses: fc.array(address, { maxLength: 2 }),
    commonName: fc.constantFrom('unnamed', host),
    host: fc.constant(host),
  }),
)

test('identity-match/peers/agree-but-for-what-is-known', async (t) => {
  const matched = { ours: 0, node: 0, openssl: 0 }
  const check = (one: Question) => {
    const answer = answers(one)
    for (const who of ['ours', 'node', 'openssl'] as const) matched[who] += Number(answer[who])
    for (const [who, differences] of [
      ['node', fromNode],
      ['openssl', fromOpenssl],
    ] as const) {
      const isKnown = Object.values(differences).some(
        ({ applies, ours }) => ours === answer.ours && applies(one),
      )
      if (answer[who] !== answer.ours && !isKnown) {
        throw new Error(`${who} answers ${answer[who]}, and we ${answer.ours}.`)
      }
    }
  }
  await play(t, fc.property(question, check), 1000)
  t.log(`matches: ours ${matched.ours}, node ${matched.node}, openssl ${matched.openssl}`)
})

for (const [who, differences] of [
  ['node', fromNode],
  ['openssl', fromOpenssl],
] as const) {
  for (const [name, difference] of Object.entries(differences)) {
    test(`identity-match/peers/${who}/${name}`, (t) => {
      const { applies, ours, example } = difference
      const answer = answers(example)
      t.true(applies(example))
      t.is(answer.ours, ours)
      t.is(answer[who], !ours)
    })
  }
}
