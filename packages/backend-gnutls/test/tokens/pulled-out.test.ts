import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { forA } from '@tlsio/conformance/fixtures'
import { memoryStreamPair, type TlsCertificate, type TlsInteraction } from '@tlsio/core'
import { openGnutls } from '#src/gnutls.js'
import { database, serverIdentity } from '../support.js'
import { makeTokens, module, onTokens, PIN } from './soft-hsm.js'

makeTokens({
  mine: { certificates: { a: forA.certificate }, keys: { a: forA.privateKey } },
})

const backend = createGnutlsBackend({ pkcs11Modules: [module], defaultDatabase: database })

/** A handshake of a server with the key in the token; says how often somebody was asked. */
async function asksInHandshake(certificate: TlsCertificate): Promise<number> {
  let asked = 0
  const interaction: TlsInteraction = {
    async askPassword(password) {
      asked++
      password.setValue(PIN)
      return 'handled'
    },
  }
  const [near, far] = memoryStreamPair()
  const server = backend.createServerConnection(far, { certificate, interaction })
  const client = backend.createClientConnection(near, { serverIdentity, sessionResumption: 'off' })
  await Promise.all([client.handshake(), server.handshake()])
  await Promise.all([client.close(), server.close()])
  return asked
}

/** What a module notices when its token is pulled out: all sessions are gone, and the login with them. */
function pullOut(): void {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
  const loaded = koffi.load(module)
  const list = loaded.func('C_GetSlotList', 'unsigned long', ['uchar', 'void *', 'void *'])
  const close = loaded.func('C_CloseAllSessions', 'unsigned long', ['unsigned long'])
  const count = BigUint64Array.of(8n)
  const slots = new BigUint64Array(8)
  list(1, slots, count)
  for (const slot of slots.subarray(0, Number(count[0]))) close(slot)
}

onTokens('tokens/pulled-out/asked-for-again', async (t) => {
  const certificate = await backend.loadPkcs11Certificate('pkcs11:token=mine;object=a')
  t.is(await asksInHandshake(certificate), 1)
  t.is(await asksInHandshake(certificate), 0)
  pullOut()
  t.is(await asksInHandshake(certificate), 1)
  t.is(await asksInHandshake(certificate), 0)
})

onTokens('tokens/pulled-out/nothing-is-left', async (t) => {
  const { ledger } = openGnutls()
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  await (async () => {
    const certificate = await backend.loadPkcs11Certificate('pkcs11:token=mine;object=a')
    await asksInHandshake(certificate)
    pullOut()
    await asksInHandshake(certificate)
    t.true((ledger.live.identity ?? 0) > 0, 'The key is known to the ledger.')
  })()
  // Finalizers run in a turn of their own.
  for (let turn = 0; turn < 100 && ledger.live.identity !== undefined; turn++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  // Only what all connections of the thread have in common.
  const { credentials, priority, ...rest } = ledger.live
  t.deepEqual(rest, {})
})
