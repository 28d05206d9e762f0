import { portableBackends } from './backends.js'
import { linesOf } from './lines.js'
import { runSuite } from './run-suite.js'

/** A worker that answers any request with the results, a line each, as they come. */
export default {
  fetch: (): Response =>
    linesOf((tell) => {
      return runSuite({
        backends: portableBackends,
        report: (message) => tell(JSON.stringify(message)),
      })
    }),
}
