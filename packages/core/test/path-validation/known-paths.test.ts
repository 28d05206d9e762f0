import test from 'ava'
import { PathValidator } from '#src/path-validation/index.js'
import { make, NOW } from './support/certificate-maker.js'

const root = make({ ca: true, name: 'root' })
const soonOver = '2030-01-01T00:00:00Z'
const link = make({ ca: true, name: 'link', issuer: root, notAfter: soonOver })
const sameKeyNewer = make({ ca: true, name: 'link', issuer: root, keys: link.keys })
const leaf = make({ issuer: link })
const AFTER = Date.parse(soonOver) + 1
const LONG_AGO = Date.parse('1990-01-01T00:00:00Z')

/** Knows the path of {@link leaf} already. */
async function validatorThatKnows(): Promise<PathValidator> {
  const validator = new PathValidator([root.der])
  await validator.validate(leaf.der, { others: [link.der], time: NOW })
  return validator
}

test('known-paths/the-same-verdict-again', async (t) => {
  const validator = await validatorThatKnows()
  const again = await validator.validate(leaf.der, { others: [link.der], time: NOW })
  const fresh = await new PathValidator([root.der]).validate(leaf.der, {
    others: [link.der],
    time: NOW,
  })
  t.deepEqual(again, fresh)
  t.deepEqual(again.path, [leaf.der, link.der, root.der])
})

test('known-paths/only-while-all-of-it-is-valid', async (t) => {
  const validator = await validatorThatKnows()
  const at = async (time: number) => {
    const { findings } = await validator.validate(leaf.der, { others: [link.der], time })
    return findings.map(({ rule, position }) => `${rule} ${position}`)
  }
  t.deepEqual(await at(AFTER), ['expired 1'])
  t.true((await at(LONG_AGO)).includes('not-activated 0'))
  t.deepEqual(await at(Number.NaN), await at(Number.NaN))
  t.true((await at(Number.NaN)).length > 0)
  t.deepEqual(await at(NOW), [])
})

test('known-paths/another-path-once-that-one-is-over', async (t) => {
  const validator = new PathValidator([root.der])
  const others = [link.der, sameKeyNewer.der]
  for (const time of [NOW, AFTER, NOW, AFTER]) {
    const { flags } = await validator.validate(leaf.der, { others, time })
    t.is(flags, 0)
  }
})

test('known-paths/only-for-the-same-question', async (t) => {
  const validator = await validatorThatKnows()
  const without = await validator.validate(leaf.der, { time: NOW })
  t.deepEqual(
    without.findings.map(({ rule }) => rule),
    ['untrusted'],
  )
  const forClients = make({ issuer: root, purposes: ['1.3.6.1.5.5.7.3.2'] })
  t.is((await validator.validate(forClients.der, { purpose: 'clientAuth', time: NOW })).flags, 0)
  const asServer = await validator.validate(forClients.der, { purpose: 'serverAuth', time: NOW })
  t.deepEqual(
    asServer.findings.map(({ rule }) => rule),
    ['extended-key-usage'],
  )
})
