import { linesOf } from '#src/suite/lines.js'
import type { Scenarios } from './scenarios.js'
import { run } from './without-runner.js'

/** A worker that answers with the lines of the scenario that is asked for. */
export default {
  fetch: ({ url }: Request): Response =>
    linesOf((tell) => run(new URL(url).searchParams.get('scenario') as keyof Scenarios, tell)),
}
