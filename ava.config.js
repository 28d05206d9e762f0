export default {
  files: ['{packages/*,packages/conformance/mutants,examples,runtimes,vectors}/dist/test/**/*.test.js'],
  timeout: '60s',
}
