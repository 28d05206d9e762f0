import { createNodeBackend } from '@tlsio/backend-node'
import test from 'ava'
import { capabilitiesOn } from '#src/capabilities.js'

const node = capabilitiesOn({ node: '20.19.0' })

test('capabilities/those-of-this-runtime', (t) => {
  t.is(createNodeBackend().supports, node)
})

test('capabilities/node-tls-of-another-runtime-claims-less', (t) => {
  // Both also say which Node they take after.
  const bun = capabilitiesOn({ node: '26.3.0', bun: '1.4.5' })
  t.false(bun.halfClose)
  t.false(bun.ocspStapling)
  t.true(bun.sessionResumption)
  const deno = capabilitiesOn({ node: '26.3.0', deno: '2.9.6' })
  t.false(deno.sessionResumption)
  t.false(deno.keyingMaterialExport)
  t.false(deno.ocspStapling)
  t.deepEqual(deno.channelBindings, ['tls-server-end-point'])
})
