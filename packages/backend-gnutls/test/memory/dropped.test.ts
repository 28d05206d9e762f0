import test from 'ava'
import { dropConnections, MOST_LEFT } from './dropped.js'

test('memory/dropped-connections-leave-none', async (t) => {
  t.timeout(120_000)
  const { before, after, mostAlive, left } = await dropConnections(4000)
  t.is(left, 0)
  t.true(mostAlive > 0)
  t.true(after - before < MOST_LEFT, `${after - before} bytes more than before`)
})
