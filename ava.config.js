export default {
  files: ['packages/*/dist/test/**/*.test.js', 'examples/dist/test/**/*.test.js'],
  timeout: '60s',
}
