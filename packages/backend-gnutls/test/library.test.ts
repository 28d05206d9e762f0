import { createGnutlsBackend, gnutlsBackend } from '@tlsio/backend-gnutls'
import { nodeBackend } from '@tlsio/backend-node'
import { BackendRegistry, TlsError } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { type Koffi, loadLibrary } from '#src/ffi/load-library.js'
import { OLDEST_VERSION, parsePrototype } from '#src/ffi/symbols.js'

/** Why there is no library on this machine; the other files of these tests are left out then. */
const { TLSIO_GNUTLS_MISSING: missing } = process.env
const [onLibrary, onLibrarySerial] =
  missing === undefined ? [test, test.serial] : [test.skip, test.serial.skip]
const reason = missing === undefined ? '' : ` (${missing})`
if (missing !== undefined) test.skip(`all-that-needs-the-library${reason}`, () => {})

test('library/missing/says-what-was-tried', (t) => {
  const message = refusalOf(t, () => createGnutlsBackend({ library: 'libnothere.so.1' }))
  t.regex(message, /^GnuTLS cannot be used here: .*Tried libnothere\.so\.1: .*[^.]\.$/)
})

test.serial('library/missing/named-by-the-environment', (t) => {
  setLibrary(t, 'libnowhere.so.2')
  t.regex(
    refusalOf(t, () => loadLibrary()),
    /Tried libnowhere\.so\.2: /,
  )
})

onLibrarySerial(`library/empty-name-is-none${reason}`, (t) => {
  setLibrary(t, '')
  t.notThrows(() => loadLibrary())
})

test('library/missing/the-next-backend-is-taken', (t) => {
  const registry = new BackendRegistry({ preference: () => 'gnutls' })
  registry.register(nodeBackend)
  registry.register({
    ...gnutlsBackend,
    create: (context) => createGnutlsBackend({ ...context, library: 'libnothere.so.1' }),
  })
  t.is(registry.getDefault().name, 'node')
  const [first] = registry.explain()
  t.is(first?.name, 'gnutls')
  t.is(first?.outcome, 'refused')
  t.regex(first?.reason ?? '', /libnothere\.so\.1/)
})

test('library/koffi-missing', (t) => {
  const message = refusalOf(t, () =>
    loadLibrary({}, () => {
      throw new Error("Cannot find module 'koffi'\nRequire stack:\n- here")
    }),
  )
  t.regex(message, /The package koffi, .* cannot be loaded: Cannot find module 'koffi'\.$/)
})

test('library/too-old', (t) => {
  const message = refusalOf(t, () => loadLibrary({ library: 'old' }, () => fakeKoffi('3.6.16')))
  t.true(message.includes(`old is GnuTLS 3.6.16; ${OLDEST_VERSION} or newer is needed.`), message)
})

test('library/symbol-missing', (t) => {
  const missing = 'gnutls_hkdf_expand'
  const load = () => fakeKoffi('3.7.9', missing)
  const message = refusalOf(t, () => loadLibrary({ library: 'cut' }, load))
  t.true(message.includes(`cut (GnuTLS 3.7.9) has no ${missing}: `), message)
})

test('library/not-gnutls-at-all', (t) => {
  const load = () => fakeKoffi('3.7.9', 'gnutls_check_version')
  t.regex(
    refusalOf(t, () => loadLibrary({ library: 'other' }, load)),
    /other has no gnutls_check_version: /,
  )
})

test('library/without-tokens', (t) => {
  const { tokenFunctions } = loadLibrary({ library: 'plain' }, () =>
    fakeKoffi('3.7.9', 'gnutls_pkcs11_add_provider'),
  )
  t.is(tokenFunctions, undefined)
})

onLibrary(`library/found${reason}`, (t) => {
  const { path, version } = loadLibrary()
  t.regex(path, /gnutls/)
  t.regex(version, /^3\.\d+\.\d+/)
})

test('library/prototype', (t) => {
  t.deepEqual(parsePrototype('const char *gnutls_x(uintptr_t session, void *data, int n)'), {
    name: 'gnutls_x',
    result: 'const char *',
    parameters: ['uintptr_t', 'void *', 'int'],
  })
})

test('library/options', (t) => {
  t.throws(() => createGnutlsBackend({ library: '' }), { instanceOf: TypeError })
  for (const pkcs11Modules of ['/module.so', [''], [1], {}] as never[]) {
    t.throws(() => createGnutlsBackend({ pkcs11Modules }), { instanceOf: TypeError })
  }
  t.throws(() => createGnutlsBackend({ priority: 1 as never }), { instanceOf: TypeError })
})

onLibrary(`library/options/priority-that-nobody-can-read${reason}`, (t) => {
  t.throws(() => createGnutlsBackend({ priority: 'NORMAL:+NOTHING' }), {
    instanceOf: TypeError,
    message: /"NORMAL:\+NOTHING"/,
  })
})

onLibrary(`library/options/priority-that-sets-versions${reason}`, (t) => {
  for (const priority of ['NORMAL:-VERS-ALL:+VERS-TLS1.3', 'NORMAL:-vers-tls1.2']) {
    t.throws(() => createGnutlsBackend({ priority }), {
      instanceOf: TypeError,
      message: /minVersion/,
    })
  }
})

/** Until the test ends. */
function setLibrary(t: ExecutionContext, name: string): void {
  const before = process.env.TLSIO_GNUTLS_LIBRARY
  t.teardown(() => {
    if (before === undefined) delete process.env.TLSIO_GNUTLS_LIBRARY
    else process.env.TLSIO_GNUTLS_LIBRARY = before
  })
  process.env.TLSIO_GNUTLS_LIBRARY = name
}

function refusalOf(t: ExecutionContext, run: () => unknown): string {
  const error = t.throws(run, { instanceOf: TlsError })
  t.is(error.code, 'TLS_UNAVAILABLE')
  return error.message
}

/** Finds any library, of that version, with all symbols but one. */
function fakeKoffi(version: string, missing?: string): Koffi {
  const isOld = version < OLDEST_VERSION
  const func = (name: string) => {
    if (name === missing) throw new Error(`Cannot find function '${name}' in shared library`)
    return (required: string | null) => (required === null || !isOld ? version : null)
  }
  const type = () => ({})
  const koffi = {
    load: () => ({ func, symbol: () => 0n }),
    proto: type,
    pointer: type,
    struct: type,
    decode: () => () => {},
    address: () => 0n,
  }
  return koffi as unknown as Koffi
}
