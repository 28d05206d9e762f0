import { createForgeBackend } from '@tlsio/backend-forge'
import { conformance } from '@tlsio/conformance'
import { Loop } from '@tlsio/conformance/loop'
import { type Scenarios, scenariosFor } from './scenarios.js'

/** Runs a scenario in a page; gives a line for each case. */
export async function run(name: keyof Scenarios): Promise<string[]> {
  const loop = new Loop()
  for (const options of scenariosFor(createForgeBackend)[name]) {
    conformance({ test: loop.test, ...options })
  }
  const lines: string[] = []
  for await (const { title, passed } of loop.run())
    lines.push(`${passed ? 'ok' : 'not ok'} ${title}`)
  return lines
}
