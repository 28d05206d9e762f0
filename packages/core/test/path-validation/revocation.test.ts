import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { CRLReason, CRLReasons, Extension, IssuingDistributionPoint } from '@peculiar/asn1-x509'
import { TlsCertificateFlags } from '@tlsio/core'
import test from 'ava'
import { PathValidator } from '#src/path-validation/index.js'
import { extension, make, NOW } from './support/certificate-maker.js'
import { ask, expectFindings } from './support/expect.js'
import { listOf, SERIAL } from './support/list-maker.js'

const root = make({ ca: true, name: 'root' })
const ca = make({ ca: true, name: 'ca', issuer: root, serial: [0x77] })
const leaf = make({ issuer: ca, serial: SERIAL })
const question = { leaf, others: [ca], anchors: [root] }

const reason = (code: CRLReasons): Extension =>
  new Extension({
    extnID: '2.5.29.21',
    extnValue: new OctetString(AsnConvert.serialize(new CRLReason(code))),
  })

test('revocation/leaf', async (t) => {
  const { flags } = await expectFindings(
    t,
    { ...question, revocationLists: [listOf(ca)] },
    'revoked 0',
  )
  t.is(flags, TlsCertificateFlags.REVOKED)
})

test('revocation/authority', async (t) => {
  const revocationLists = [listOf(root, { serials: [[1], [0x77]] })]
  await expectFindings(t, { ...question, revocationLists }, 'revoked 1')
})

test('revocation/another-path-without-what-is-revoked', async (t) => {
  const renewed = make({ ca: true, name: 'ca', issuer: root, keys: ca.keys })
  const revocationLists = [listOf(root, { serials: [[0x77]] })]
  for (const others of [
    [ca, renewed],
    [renewed, ca],
  ]) {
    await expectFindings(t, { ...question, others, revocationLists })
  }
})

test('revocation/of-others-or-by-others', async (t) => {
  const harmless = [
    listOf(ca, { serials: [] }),
    listOf(ca, { serials: [[0x12, 0x35]] }),
    listOf(root),
    // Signed by somebody with the same name.
    listOf(make({ ca: true, name: 'ca' })),
    listOf(ca).subarray(0, 100),
    Uint8Array.of(),
  ]
  await expectFindings(t, { ...question, revocationLists: harmless })
  await expectFindings(t, { ...question, revocationLists: [...harmless, listOf(ca)] }, 'revoked 0')
})

test('revocation/reasons', async (t) => {
  const onHold = [listOf(ca, { entry: [reason(CRLReasons.certificateHold)] })]
  await expectFindings(t, { ...question, revocationLists: onHold }, 'revoked 0')
  const removed = [listOf(ca, { entry: [reason(CRLReasons.removeFromCRL)] })]
  await expectFindings(t, { ...question, revocationLists: removed })
})

test('revocation/lists-that-mean-something-else', async (t) => {
  const unknown = extension('1.2.3.4', Uint8Array.of(5, 0), true)
  const point = new IssuingDistributionPoint()
  point.indirectCRL = true
  const indirect = extension('2.5.29.28', point, true)
  for (const one of [unknown, indirect]) {
    const revocationLists = [listOf(ca, { extensions: [one] })]
    t.is((await ask({ ...question, revocationLists })).flags, 0)
  }
  const partial = new IssuingDistributionPoint()
  partial.onlyContainsUserCerts = true
  const revocationLists = [listOf(ca, { extensions: [extension('2.5.29.28', partial, true)] })]
  await expectFindings(t, { ...question, revocationLists }, 'revoked 0')
})

test('revocation/not-evaded-by-too-much-work', async (t) => {
  // A hundred signatures are looked at until the right anchor is found: none is left for the list.
  const right = make({ ca: true, name: 'right' })
  const wrong = Array.from({ length: 99 }, () => make({ ca: true, name: 'right' }))
  const issued = { leaf: make({ issuer: right, serial: SERIAL }), anchors: [...wrong, right] }
  t.is((await ask(issued)).flags, 0)
  const { findings } = await ask({ ...issued, revocationLists: [listOf(right)] })
  t.true(findings.some(({ rule }) => rule === 'work-limit'))
})

test('revocation/of-a-path-that-was-valid-before', async (t) => {
  const validator = new PathValidator([root.der])
  const request = { others: [ca.der], time: NOW }
  t.is((await validator.validate(leaf.der, request)).flags, 0)
  const listed = { ...request, revocationLists: [listOf(ca)] }
  t.is((await validator.validate(leaf.der, listed)).flags, TlsCertificateFlags.REVOKED)
})

test('revocation/of-an-anchor-that-somebody-else-has-issued', async (t) => {
  const anchors = [ca, root]
  const revocationLists = [listOf(root, { serials: [[0x77]] })]
  await expectFindings(t, { leaf, anchors })
  await expectFindings(t, { leaf, anchors, revocationLists }, 'revoked 1')
  await expectFindings(t, { leaf, anchors: [leaf, ca], revocationLists: [listOf(ca)] }, 'revoked 0')
  // Nobody is known who could have signed the list.
  await expectFindings(t, { leaf, anchors: [ca], revocationLists })
})
