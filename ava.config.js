export default {
  files: ['{packages/*,examples,runtimes}/dist/test/**/*.test.js'],
  timeout: '60s',
}
