import { TlsError } from '@tlsio/core'
import test from 'ava'
import { Modules } from '#src/ffi/constants.js'
import { GnutlsError } from '#src/tls-errors.js'
import { TokenModules } from '#src/token-modules.js'

/** What libgnutls does in a new process: it begins once, and says 0 when it is told to begin again. */
function newProcess(broken: { readonly begin?: number; readonly path?: string } = {}) {
  const calls: (number | string | null)[] = []
  const { begin = 0, path: brokenPath } = broken
  const error = (code: number) => new GnutlsError(code, 'GNUTLS_E_PKCS11_LOAD_ERROR', 'no module')
  const modules = new TokenModules(error, {
    pkcs11_init(flags) {
      calls.push(flags)
      return calls.length === 1 ? begin : 0
    },
    pkcs11_add_provider(path) {
      calls.push(path)
      return path === brokenPath ? -305 : 0
    },
  })
  return { modules, calls }
}

test('token-modules/of-the-system-once', (t) => {
  const { modules, calls } = newProcess()
  modules.load(undefined)
  modules.load(undefined)
  t.deepEqual(calls, [Modules.AUTO])
})

test('token-modules/each-path-once', (t) => {
  const { modules, calls } = newProcess()
  modules.load(['/a.so'])
  modules.load(['/a.so', '/b.so'])
  t.deepEqual(calls, [Modules.MANUAL, '/a.so', '/b.so'])
})

test('token-modules/paths-beside-those-of-the-system', (t) => {
  const { modules, calls } = newProcess()
  modules.load(undefined)
  modules.load(['/a.so'])
  t.deepEqual(calls, [Modules.AUTO, '/a.so'])
})

test('token-modules/of-the-system-refused-after-paths', (t) => {
  const { modules, calls } = newProcess()
  modules.load(['/a.so'])
  const message = /^GnuTLS cannot load the PKCS #11 modules of the system any more: /
  for (let count = 0; count < 2; count++) {
    t.throws(() => modules.load(undefined), { instanceOf: TlsError, code: 'TLS_MISC', message })
  }
  modules.load(['/a.so'])
  t.deepEqual(calls, [Modules.MANUAL, '/a.so'])
})

test('token-modules/a-failure-is-not-forgotten', (t) => {
  for (const paths of [undefined, ['/a.so']]) {
    const { modules, calls } = newProcess({ begin: -305 })
    for (let count = 0; count < 2; count++) {
      t.throws(() => modules.load(paths), { instanceOf: TlsError, code: 'TLS_MISC' })
    }
    t.is(calls.length, 1)
  }
})

test('token-modules/a-broken-one-is-tried-again', (t) => {
  const { modules, calls } = newProcess({ path: '/b.so' })
  const message = /^GnuTLS cannot load the PKCS #11 module \/b\.so: /
  for (let count = 0; count < 2; count++) {
    t.throws(() => modules.load(['/a.so', '/b.so']), { code: 'TLS_MISC', message })
  }
  t.deepEqual(calls, [Modules.MANUAL, '/a.so', '/b.so', '/b.so'])
})
