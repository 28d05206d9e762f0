import type { GeneralName } from '@peculiar/asn1-x509'
import test from 'ava'
import { type Constraints, critical, make, nameOf, withValue } from './support/certificate-maker.js'
import { ask, expectFindings } from './support/expect.js'

const root = make({ ca: true, name: 'root' })

type Names = readonly Partial<GeneralName>[]

async function isAllowed(constraints: Constraints, names: Names, name = 'leaf'): Promise<boolean> {
  const ca = make({ ca: true, name: 'constrained', issuer: root, constraints })
  const leaf = make({ issuer: ca, names, name })
  const { findings } = await ask({ leaf, others: [ca], anchors: [root] })
  if (findings.length === 0) return true
  const [{ rule, position, extension } = {}, ...more] = findings
  if (
    rule !== 'name-constraints' ||
    position !== 0 ||
    extension !== '2.5.29.30' ||
    more.length > 0
  ) {
    throw new Error(JSON.stringify(findings))
  }
  return false
}

/** `[constraint, name, within]` for one kind of names. */
type Row = readonly [base: string, name: string, isWithin: boolean]

const of: Readonly<Record<string, (text: string) => Partial<GeneralName>>> = {
  dns: (dNSName) => ({ dNSName }),
  email: (rfc822Name) => ({ rfc822Name }),
  uri: (uniformResourceIdentifier) => ({ uniformResourceIdentifier }),
  ip: (iPAddress) => ({ iPAddress }),
  directory: (text) => ({ directoryName: nameOf(...text.split('/')) }),
}

const rows: Readonly<Record<string, readonly Row[]>> = {
  dns: [
    ['a.test', 'a.test', true],
    ['a.test', 'A.TEST', true],
    ['a.test', 'x.y.a.test', true],
    ['a.test', 'xa.test', false],
    ['a.test', 'test', false],
    ['.a.test', 'x.a.test', true],
    ['.a.test', 'a.test', false],
    ['', 'a.test', true],
    ['a.test', '*.a.test', true],
    ['a.test', '*.x.a.test', true],
  ],
  email: [
    ['me@a.test', 'me@a.test', true],
    ['me@a.test', 'me@A.test', true],
    ['me@a.test', 'ME@a.test', false],
    ['me@a.test', 'you@a.test', false],
    ['a.test', 'you@a.test', true],
    ['a.test', 'you@x.a.test', false],
    ['.a.test', 'you@x.a.test', true],
    ['.a.test', 'you@a.test', false],
  ],
  uri: [
    ['a.test', 'https://a.test/b', true],
    ['a.test', 'https://me@a.test:8443/b?c', true],
    ['a.test', 'https://x.a.test/', false],
    ['.a.test', 'https://x.a.test', true],
    ['.a.test', 'https://a.test', false],
    ['a.test', 'https://b.test/a.test', false],
    ['a.test', 'https://a.test@b.test/', false],
  ],
  directory: [
    ['org', 'org', true],
    ['ORG', 'org', true],
    ['org', 'org/unit', true],
    ['org/unit', 'org', false],
    ['org', 'other', false],
    ['org', 'organisation', false],
  ],
}

for (const [kind, table] of Object.entries(rows)) {
  for (const [base, name, isWithin] of table) {
    const make = of[kind] as (text: string) => Partial<GeneralName>
    // The subject is a directory name, too, and must not be in the way.
    const subject = kind === 'directory' ? '' : 'leaf'
    const title = `name-constraints/${kind}/${name}-within-${base || 'anything'}`
    test(`${title}/permitted`, async (t) => {
      t.is(await isAllowed({ permitted: [make(base)] }, [make(name)], subject), isWithin)
    })
    test(`${title}/excluded`, async (t) => {
      t.is(await isAllowed({ excluded: [make(base)] }, [make(name)], subject), !isWithin)
    })
  }
}

// The schema library encodes a network by itself.
test('name-constraints/ip', async (t) => {
  const raw = (base: readonly number[]) => {
    const subtree = [0x30, base.length + 2, 0x87, base.length, ...base]
    const permitted = [0xa0, subtree.length, ...subtree]
    return Uint8Array.of(0x30, permitted.length, ...permitted)
  }
  const findings = async (base: readonly number[], iPAddress: string) => {
    const constraints = { permitted: [{ dNSName: 'a.test' }] }
    const change = withValue('2.5.29.30', raw(base))
    const ca = make({ ca: true, name: 'constrained', issuer: root, constraints, change })
    const leaf = make({ issuer: ca, names: [{ iPAddress }] })
    const verdict = await ask({ leaf, others: [ca], anchors: [root] })
    return verdict.findings.map(({ rule }) => rule)
  }
  const network = [192, 0, 2, 0, 255, 255, 255, 0]
  t.deepEqual(await findings(network, '192.0.2.7'), [])
  t.deepEqual(await findings(network, '192.0.3.7'), ['name-constraints'])
  t.deepEqual(await findings(network, '2001:db8::1'), ['name-constraints'])
  const longer = [
    ...[0x20, 1, 0xd, 0xb8],
    ...Array(12).fill(0),
    ...Array(4).fill(255),
    ...Array(12).fill(0),
  ]
  t.deepEqual(await findings(longer, '2001:db8::1'), [])
  t.deepEqual(await findings(longer, '2001:db9::1'), ['name-constraints'])
  t.deepEqual(await findings([192, 0, 2, 0, 255, 0, 255, 0], '192.0.2.7'), ['malformed-extension'])
  t.deepEqual(await findings([192, 0, 2, 0], '192.0.2.0'), ['malformed-extension'])
})

test('name-constraints/wildcard-reaches-into-what-is-excluded', async (t) => {
  t.false(await isAllowed({ excluded: [{ dNSName: 'x.a.test' }] }, [{ dNSName: '*.a.test' }]))
  t.true(await isAllowed({ excluded: [{ dNSName: 'y.x.a.test' }] }, [{ dNSName: '*.a.test' }]))
  t.false(await isAllowed({ permitted: [{ dNSName: 'x.a.test' }] }, [{ dNSName: '*.a.test' }]))
})

test('name-constraints/what-cannot-be-understood-is-not-allowed', async (t) => {
  for (const dNSName of ['.a.test', 'a.test.', 'a..test', '*.*.a.test', 'a b.test']) {
    t.false(await isAllowed({ permitted: [{ dNSName: 'test' }] }, [{ dNSName }]), dNSName)
    t.false(await isAllowed({ excluded: [{ dNSName: 'b.test' }] }, [{ dNSName }]), dNSName)
  }
  for (const uniformResourceIdentifier of ['urn:a', 'https://192.0.2.1/', 'https:///a']) {
    const names = [{ uniformResourceIdentifier }]
    const base = { uniformResourceIdentifier: 'a.test' }
    t.false(await isAllowed({ permitted: [base] }, names), uniformResourceIdentifier)
    t.false(await isAllowed({ excluded: [base] }, names), uniformResourceIdentifier)
  }
  t.false(await isAllowed({ permitted: [{ rfc822Name: 'a.test' }] }, [{ rfc822Name: 'a.test' }]))
})

test('name-constraints/kinds-apart', async (t) => {
  const iPAddress = '192.0.2.1'
  t.true(await isAllowed({ permitted: [{ dNSName: 'b.test' }] }, [{ iPAddress }]))
  t.true(await isAllowed({ excluded: [{ dNSName: '' }] }, [{ iPAddress }]))
  // A form that is not known must not be passed over where it counts.
  const registeredID = '1.2.3'
  t.false(await isAllowed({ permitted: [{ registeredID }] }, [{ registeredID }]))
  t.false(await isAllowed({ excluded: [{ registeredID: '1.2.4' }] }, [{ registeredID }]))
  t.true(await isAllowed({ excluded: [{ registeredID }] }, [{ dNSName: 'a.test' }]))
})

test('name-constraints/excluded-wins-and-every-name-counts', async (t) => {
  const both = { permitted: [{ dNSName: 'test' }], excluded: [{ dNSName: 'a.test' }] }
  t.false(await isAllowed(both, [{ dNSName: 'a.test' }]))
  t.true(await isAllowed(both, [{ dNSName: 'b.test' }]))
  t.false(await isAllowed(both, [{ dNSName: 'b.test' }, { dNSName: 'x.a.test' }]))
})

test('name-constraints/subject-counts-too', async (t) => {
  const constraints = { permitted: [{ directoryName: nameOf('org') }] }
  t.false(await isAllowed(constraints, [{ dNSName: 'a.test' }], 'other'))
  t.true(await isAllowed(constraints, [{ dNSName: 'a.test' }], 'org'))
})

test('name-constraints/of-all-above', async (t) => {
  const first = make({
    ca: true,
    name: '1',
    issuer: root,
    constraints: { permitted: [of.dns?.('a.test') ?? {}] },
  })
  const second = make({
    ca: true,
    name: '2',
    issuer: first,
    constraints: { permitted: [{ dNSName: 'test' }] },
  })
  const question = (dNSName: string) => ({
    leaf: make({ issuer: second, names: [{ dNSName }] }),
    others: [first, second],
    anchors: [root],
  })
  await expectFindings(t, question('x.a.test'))
  // The second cannot widen what the first has narrowed.
  await expectFindings(t, question('b.test'), 'name-constraints 0 2.5.29.30')
})

test('name-constraints/of-the-anchor', async (t) => {
  const anchor = make({
    ca: true,
    name: 'anchor',
    constraints: { excluded: [{ dNSName: 'a.test' }] },
  })
  const question = { leaf: make({ issuer: anchor }), anchors: [anchor] }
  await expectFindings(t, question, 'name-constraints 0 2.5.29.30')
})

test('name-constraints/on-authorities-unless-self-issued', async (t) => {
  const constraints = { permitted: [{ dNSName: 'a.test' }] }
  const first = make({ ca: true, name: 'ca', issuer: root, constraints })
  const names = [{ dNSName: 'b.test' }]
  for (const [name, ...expected] of [['ca'], ['other', 'name-constraints 1 2.5.29.30']] as const) {
    const second = make({ ca: true, name, issuer: first, names })
    const question = { leaf: make({ issuer: second }), others: [first, second], anchors: [root] }
    await expectFindings(t, question, ...expected)
  }
})

test('name-constraints/must-be-critical-except-on-the-web', async (t) => {
  const constraints = { permitted: [{ dNSName: 'a.test' }] }
  const change = critical('2.5.29.30', false)
  const ca = make({ ca: true, name: 'ca', issuer: root, constraints, change })
  const question = { leaf: make({ issuer: ca }), others: [ca], anchors: [root] }
  await expectFindings(t, question, 'profile 1 2.5.29.30')
  await expectFindings(t, { ...question, profile: 'webpki' })
  const wrong = { ...question, leaf: make({ issuer: ca, names: [{ dNSName: 'b.test' }] }) }
  await expectFindings(t, { ...wrong, profile: 'webpki' }, 'name-constraints 0 2.5.29.30')
})

test('name-constraints/malformed', async (t) => {
  const empty = { permitted: [{ dNSName: 'a.test' }] }
  const minimum = [
    0x30, 0x0c, 0xa0, 0x0a, 0x30, 0x08, 0x82, 0x03, 0x61, 0x2e, 0x62, 0x80, 0x01, 0x01,
  ]
  for (const der of [[0x30, 0], [0x30, 2, 0xa0, 0], [0x30, 2, 5, 0], minimum]) {
    const change = withValue('2.5.29.30', Uint8Array.from(der))
    const ca = make({ ca: true, name: 'ca', issuer: root, constraints: empty, change })
    const question = { leaf: make({ issuer: ca }), others: [ca], anchors: [root] }
    await expectFindings(t, question, 'malformed-extension 1 2.5.29.30')
  }
  const wildcard = make({
    ca: true,
    name: 'ca',
    issuer: root,
    constraints: { permitted: [{ dNSName: '*.a.test' }] },
  })
  const question = { leaf: make({ issuer: wildcard }), others: [wildcard], anchors: [root] }
  await expectFindings(t, question, 'malformed-extension 1 2.5.29.30')
})
