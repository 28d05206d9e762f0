import { whyNotOnThisMachine } from './runtimes/dist/native-backend.js'

const missing = await whyNotOnThisMachine('gnutls')

const tests = 'packages/backend-gnutls/dist/test'
const all = [`${tests}/**/*.test.js`]
// As in `ava.config.js`: what conformance tests show is shown by the suite itself. What is lost in C is
// lost in every Node.
const once = [`!${tests}/conformance*.test.js`, `!${tests}/memory/lost-blocks.test.js`]

// Tests that call a native library through FFI: a process for each file, so that a crash in C has a name.
export default {
  files:
    missing === undefined
      ? [...all, ...(process.env.TLSIO_SHORT ? once : [])]
      : [`${tests}/library.test.js`],
  environmentVariables: missing === undefined ? {} : { TLSIO_GNUTLS_MISSING: missing },
  workerThreads: false,
  timeout: '60s',
}
