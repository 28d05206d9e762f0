// Tests that call a native library through FFI: a process for each file, since threads that end would
// share the library's locks with those that go on.
export default {
  files: ['packages/backend-gnutls/dist/test/**/*.test.js'],
  workerThreads: false,
  timeout: '60s',
}
