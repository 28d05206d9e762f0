// Its own limit is shorter than any case: the suite's are to count.
export default { test: { include: ['dist/test/runners/with-vitest.js'], testTimeout: 1 } }
