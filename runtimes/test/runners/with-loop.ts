import process from 'node:process'
import { conformance } from '@tlsio/conformance'
import { Loop } from '@tlsio/conformance/loop'
import { scenario } from './chosen-scenario.js'

const loop = new Loop()
for (const options of scenario) conformance({ test: loop.test, ...options })
for await (const { title, passed } of loop.run()) {
  console.log(passed ? 'ok' : 'not ok', title)
  if (!passed) process.exitCode = 1
}
