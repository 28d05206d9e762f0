import test from 'ava'
import forge from 'node-forge'
import { forgeSuites, withTables } from '#src/forge-tables.js'

function snapshot() {
  const { verifyCertificateChain } = forge.pki as { verifyCertificateChain?: unknown }
  const { decrypt } = forge.pki.rsa as { decrypt?: unknown }
  const suites = { ...forge.tls.CipherSuites }
  return { suites, versions: [...forge.tls.SupportedVersions], verifyCertificateChain, decrypt }
}

test.serial('forge-tables/ours-during-a-step-and-theirs-after', (t) => {
  const before = snapshot()
  const suites = forgeSuites.slice(1)
  const decrypt = (block: string) => block
  withTables({ suites, minors: [2, 1], decrypt }, () => {
    t.deepEqual(Object.keys(forge.tls.CipherSuites), [suites[0]?.name])
    t.deepEqual(
      forge.tls.SupportedVersions.map(({ minor }) => minor),
      [2, 2, 1],
    )
    t.not(snapshot().decrypt, before.decrypt)
  })
  t.deepEqual(snapshot(), before)
})

test.serial('forge-tables/theirs-after-a-step-that-throws', (t) => {
  const before = snapshot()
  const failure = new Error('no')
  const step = () =>
    withTables({ suites: [], minors: [1] }, () => {
      throw failure
    })
  t.is(t.throws(step), failure)
  t.deepEqual(snapshot(), before)
})
