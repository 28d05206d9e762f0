import { parentPort } from 'node:worker_threads'
import { createGnutlsBackend, gnutlsBackend } from '@tlsio/backend-gnutls'
import { forA } from '@tlsio/conformance/fixtures'
import { memoryStreamPair, TlsCertificate, TlsError, type TlsInteraction } from '@tlsio/core'

let asked = 0
const interaction: TlsInteraction = {
  async askPassword(password) {
    asked++
    password.setValue('1234')
    return 'handled'
  },
}
const backend = createGnutlsBackend()
const { der } = TlsCertificate.fromPem(forA.certificate)
const privateKeyPkcs11Uri = 'pkcs11:token=mine;object=a'
const certificate = TlsCertificate.fromDerChain([der], { privateKeyPkcs11Uri })
const [, far] = memoryStreamPair()

const loading = backend.loadPkcs11Certificate('pkcs11:token=mine;object=a', { interaction })
const serving = backend.createServerConnection(far, { certificate, interaction }).handshake()
const outcomes = await Promise.allSettled([loading, serving])
const codes = outcomes.map((outcome) =>
  outcome.status === 'rejected' && outcome.reason instanceof TlsError ? outcome.reason.code : '',
)
const claimed = [backend.supports.pkcs11, gnutlsBackend.supports?.pkcs11]
parentPort?.postMessage({ claimed, codes, asked })
