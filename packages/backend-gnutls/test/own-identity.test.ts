import { forA } from '@tlsio/conformance/fixtures'
import { TlsCertificate } from '@tlsio/core'
import test from 'ava'
import type { EngineContext } from '#src/engine-context.js'
import { OwnIdentity } from '#src/own-identity.js'

const certificate = TlsCertificate.fromPem(forA.certificate)
const asked = { token: 'pkcs11:token=mine', label: 'mine', flags: 0, most: 255 }

/** One whose key is opened when the test says so, and the PIN that comes with it. */
function opening() {
  const pin = { token: asked.token, value: new TextEncoder().encode('1234') }
  const identity = { certificates: 1n, certificateCount: 1, privateKey: 1n }
  let open = () => {}
  const ready = new Promise((resolve) => {
    open = () => resolve({ identity, pin })
  })
  const context = { identities: { get: () => ready } } as unknown as EngineContext
  const own = new OwnIdentity(context)
  const preparing = own.prepare(certificate, () => Promise.reject(new Error('Nobody opens it.')))
  return { own, preparing, open, pin }
}

test('own-identity/gives-the-pin-once-and-erases-it', async (t) => {
  const { own, preparing, open, pin } = opening()
  open()
  await preparing
  t.is(own.pin(asked), pin.value)
  t.is(own.pin(asked), undefined)
  own.erasePin()
  t.deepEqual(pin.value, new Uint8Array(4))
  t.truthy(own.shown)
})

test('own-identity/what-is-opened-after-the-end-is-let-go-of', async (t) => {
  const { own, preparing, open, pin } = opening()
  own.release()
  open()
  await preparing
  t.deepEqual(pin.value, new Uint8Array(4))
  t.is(own.shown, undefined)
  t.is(own.pin(asked), undefined)
})
