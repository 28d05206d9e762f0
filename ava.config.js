export default {
  files: ['{packages/*,examples,runtimes,vectors}/dist/test/**/*.test.js'],
  timeout: '60s',
}
