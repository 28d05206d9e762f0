// Minutes of pure JavaScript, or of a browser, that no runtime does otherwise: once is enough for a run in
// several Nodes (`pnpm test:runtimes --short`). What conformance tests show is shown there by the suite itself.
const once = [
  '!packages/backend-forge/dist/test/robustness/**',
  '!packages/core/dist/test/{certificate-input,path-validation}/**',
  '!packages/*/dist/test/conformance*.test.js',
  '!packages/conformance/dist/test/report/page.test.js',
]

export default {
  files: [
    '{packages/*,packages/conformance/mutants,examples,runtimes,tables,vectors}/dist/test/**/*.test.js',
    // In processes of their own: `ava.native.config.js`.
    '!packages/backend-gnutls/**',
    ...(process.env.TLSIO_SHORT ? once : []),
  ],
  timeout: '60s',
}
