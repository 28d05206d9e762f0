import test, { type ExecutionContext } from 'ava'
import { type PathRequest, PathValidator } from '#src/path-validation/index.js'
import { ecKeys, type KeyPair, type Made, make, NOW } from './support/certificate-maker.js'
import { ask, expectFindings } from './support/expect.js'

const root = make({ ca: true, name: 'root' })
const one = make({ ca: true, name: 'one', issuer: root })
const two = make({ ca: true, name: 'two', issuer: one })
const three = make({ ca: true, name: 'three', issuer: two })
const leaf = make({ issuer: three })
const stranger = make({ ca: true, name: 'stranger' })
const expired = { notAfter: '2021-01-01T00:00:00Z' }

test('search/any-order-duplicates-and-strangers', async (t) => {
  const garbage = { ...root, der: Uint8Array.of(1, 2, 3) }
  const orders = [
    [three, two, one],
    [one, two, three],
    [two, leaf, stranger, one, two, garbage, three, root, three],
  ]
  for (const others of orders) {
    const { path } = await expectFindings(t, { leaf, others, anchors: [stranger, root] })
    t.deepEqual(
      path,
      [leaf, three, two, one, root].map(({ der }) => der),
    )
  }
})

test('search/link-missing', async (t) => {
  const question = { leaf, others: [three, one], anchors: [root] }
  const { path } = await expectFindings(t, question, 'untrusted 1')
  t.deepEqual(path, [leaf.der, three.der])
})

test('search/cross-signed-root-whose-key-is-trusted', async (t) => {
  // The peer sends the old root's certificate of the root we trust: expired, and by nobody we know.
  const crossSigned = make({
    ca: true,
    name: 'root',
    keys: root.keys,
    issuer: stranger,
    ...expired,
  })
  const others = [three, two, one, crossSigned]
  await expectFindings(t, { leaf, others, anchors: [root] })
  // And if it is the old root that is trusted, what is wrong is said of the only path there is.
  const { path } = await expectFindings(t, { leaf, others, anchors: [stranger] }, 'expired 4')
  t.is(path.length, 6)
})

test('search/the-good-one-of-two-with-the-same-name', async (t) => {
  const wrongs = [
    make({ ca: true, name: 'two', issuer: one }),
    make({ ca: true, name: 'two', issuer: one, keys: two.keys, ...expired }),
    make({ ca: false, name: 'two', issuer: one, keys: two.keys }),
    make({ ca: true, name: 'two', issuer: stranger, keys: two.keys }),
    make({
      ca: true,
      name: 'two',
      issuer: one,
      keys: two.keys,
      constraints: { excluded: [{ dNSName: 'a.test' }] },
    }),
  ]
  for (const wrong of wrongs) {
    for (const pair of [
      [wrong, two],
      [two, wrong],
    ]) {
      await expectFindings(t, { leaf, others: [three, one, ...pair], anchors: [root] })
    }
  }
})

test('search/the-lesser-evil', async (t) => {
  const worse = make({
    ca: true,
    name: 'two',
    issuer: one,
    keys: two.keys,
    ...expired,
    purposes: ['1.2.3'],
  })
  const bad = make({ ca: true, name: 'two', issuer: one, keys: two.keys, ...expired })
  for (const pair of [
    [worse, bad],
    [bad, worse],
  ]) {
    await expectFindings(t, { leaf, others: [three, one, ...pair], anchors: [root] }, 'expired 2')
  }
})

test('search/cycles', async (t) => {
  const x = make({ ca: true, name: 'x' })
  const y = make({ ca: true, name: 'y', issuer: x })
  const back = make({ ca: true, name: 'x', issuer: y, keys: x.keys })
  const below = make({ issuer: y })
  const { findings } = await ask({ leaf: below, others: [back, y, x], anchors: [root] })
  t.deepEqual(new Set(findings.map(({ rule }) => rule)), new Set(['untrusted']))
  // A cycle with a way out of it.
  const out = make({ ca: true, name: 'x', issuer: root, keys: x.keys })
  await expectFindings(t, { leaf: below, others: [back, y, x, out], anchors: [root] })
})

test('search/self-issued-with-a-new-key', async (t) => {
  const renewed = make({ ca: true, name: 'one', issuer: one })
  const below = make({ issuer: renewed })
  await expectFindings(t, { leaf: below, others: [renewed, one], anchors: [root] })
})

test('search/as-long-as-it-may-be', async (t) => {
  for (const [count, ...expected] of [[10], [11, 'path-length 12']] as const) {
    const chain = [root]
    for (let at = 0; at < count; at++) {
      chain.push(make({ ca: true, name: `ca ${at}`, issuer: chain[at] as Made }))
    }
    const question = {
      leaf: make({ issuer: chain[count] as Made }),
      others: chain.slice(1),
      anchors: [root],
    }
    await expectFindings(t, question, ...expected)
  }
})

// Hostile graphs: each would take for ever if it were walked through.

test('search/hostile/everybody-has-issued-everybody', async (t) => {
  const keys = Array.from({ length: 10 }, () => ecKeys())
  const parties = keys.map((key, at) => ({ name: `party ${at}`, keys: key, der: new Uint8Array() }))
  const all = parties.flatMap((issuer) =>
    parties.map(({ name, keys: own }) => make({ ca: true, name, keys: own, issuer })),
  )
  const first = make({ issuer: parties[0] as Made })
  await expectBounded(t, first, all, [root])
  // With a way up that is only a name.
  const decoy = make({
    ca: true,
    name: 'party 9',
    issuer: make({ ca: true, name: 'root' }),
    keys: keys[9] as KeyPair,
  })
  await expectBounded(t, first, [...all.slice(1), decoy], [root])
})

test('search/hostile/hundred-keys-of-one-name', async (t) => {
  const many = Array.from({ length: 99 }, () => make({ ca: true, name: 'three', issuer: root }))
  await expectBounded(t, leaf, many, [root])
})

test('search/hostile/layers', async (t) => {
  // Five names, twenty keys each; every certificate is as good as any other of its layer.
  const layers: Made[][] = []
  for (let layer = 0; layer < 5; layer++) {
    const issuer = layers.at(-1)?.[0] ?? stranger
    layers.push(
      Array.from({ length: 20 }, (_, at) =>
        make({ ca: true, name: `layer ${layer}`, issuer, serial: [1, at + 1] }),
      ),
    )
  }
  const below = make({ issuer: layers.at(-1)?.[19] as Made })
  await expectBounded(t, below, layers.flat(), [root])
})

test('search/hostile/names-times-constraints', async (t) => {
  const dnsNames = Array.from({ length: 2000 }, (_, at) => ({ dNSName: `n${at}.a.test` }))
  const issuer = make({ ca: true, name: 'ca', issuer: root, constraints: { permitted: dnsNames } })
  const names = Array.from({ length: 2000 }, (_, at) => ({ dNSName: `x.n${at}.a.test` }))
  await expectBounded(t, make({ issuer, names }), [issuer], [root])
})

test('search/hostile/more-certificates-than-are-looked-at', async (t) => {
  const many = Array.from({ length: 100 }, (_, at) =>
    make({ ca: true, name: `n ${at}`, keys: one.keys }),
  )
  const rules = await rulesOf(leaf, [...many, one, two, three], [root])
  t.deepEqual(rules, ['untrusted'])
})

async function expectBounded(
  t: ExecutionContext,
  below: Made,
  others: readonly Made[],
  anchors: readonly Made[],
): Promise<void> {
  const before = performance.now()
  const rules = await rulesOf(below, others, anchors)
  const elapsed = performance.now() - before
  t.true(
    rules.some((rule) => rule === 'untrusted' || rule === 'bad-signature' || rule === 'work-limit'),
  )
  // Some tens of milliseconds on an idle machine, and hours if it were not bounded.
  t.log(`${elapsed.toFixed(0)} ms: ${rules.join(', ')}`)
  t.true(elapsed < 10_000, `${elapsed} ms`)
}

async function rulesOf(
  below: Made,
  others: readonly Made[],
  anchors: readonly Made[],
): Promise<readonly string[]> {
  const validator = new PathValidator(anchors.map(({ der }) => der))
  const request: PathRequest = { time: NOW, others: others.map(({ der }) => der) }
  const { findings } = await validator.validate(below.der, request)
  return findings.map(({ rule }) => rule)
}

// Serial: it counts for the whole process.
test.serial('search/hostile/signatures-are-counted', async (t) => {
  const { subtle } = globalThis.crypto
  const verify = subtle.verify
  let count = 0
  subtle.verify = function counted(...parameters: Parameters<typeof verify>) {
    count++
    return verify.apply(subtle, parameters)
  }
  try {
    const many = Array.from({ length: 60 }, () => make({ ca: true, name: 'three', issuer: root }))
    const namesakes = Array.from({ length: 60 }, () => make({ ca: true, name: 'three' }))
    const rules = await rulesOf(leaf, many, namesakes)
    t.true(rules.includes('work-limit'))
    t.is(count, 100)
  } finally {
    subtle.verify = verify
  }
})
