import { portableBackends } from './backends.js'
import { runSuite } from './run-suite.js'

/** A worker that answers any request with the results, a line each, as they come. */
export default {
  fetch(): Response {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const encoder = new TextEncoder()
    runSuite({
      backends: portableBackends,
      report: (message) => writer.write(encoder.encode(`${JSON.stringify(message)}\n`)),
    }).then(
      () => writer.close(),
      (error) => writer.abort(error),
    )
    return new Response(readable)
  },
}
