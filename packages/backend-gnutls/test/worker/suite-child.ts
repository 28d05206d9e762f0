import { parentPort } from 'node:worker_threads'
import { createBackend, expectedFailures } from '@tlsio/backend-gnutls/conformance'
import { runConformance } from '@tlsio/conformance'

const { outcome, cases } = await runConformance({ createBackend, expectedFailures })
const failed = cases.filter(({ verdict }) => verdict === 'failed').map(({ title }) => title)
parentPort?.postMessage({ outcome, failed, count: cases.length })
