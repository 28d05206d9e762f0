import { portableBackends } from './backends.js'
import type { SuiteMessage } from './messages.js'
import { runSuite } from './run-suite.js'

/** Put there by chromium.ts. */
declare const report: (message: SuiteMessage) => Promise<void>

// A page; whoever imports this waits for the end of the suite.
await runSuite({ backends: portableBackends, report })
