import { createForgeBackend } from '@tlsio/backend-forge'
import { runConformance } from '@tlsio/conformance'
import { type Scenarios, scenariosFor } from './scenarios.js'

/** Runs a scenario where there is no runner, with a line for each case. */
export async function run(name: keyof Scenarios, tell: (line: string) => unknown): Promise<void> {
  for (const options of scenariosFor(createForgeBackend)[name]) {
    await runConformance({
      ...options,
      onResult: ({ verdict, title, expectedFailure: reason }) => {
        const good = verdict === 'passed' || verdict === 'expected-failure'
        const why = reason === null ? '' : ` (expected to fail: ${reason})`
        return tell(`${good ? 'ok' : 'not ok'} ${title}${why}`)
      },
    })
  }
}
