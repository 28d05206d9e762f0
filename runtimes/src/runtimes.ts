import { bun } from './bun.js'
import { chromium } from './chromium.js'
import { deno } from './deno.js'
import { node } from './node.js'
import type { Runtime } from './runtime.js'
import { workerd } from './workerd.js'

/** All runtimes, in the order they are run in. */
export const runtimes: readonly Runtime[] = [
  node('20.20.2'),
  node('22.23.3'),
  node('24.21.0'),
  node('26.10.0'),
  deno,
  bun,
  workerd,
  chromium,
]
