import type { ConformanceArea } from '../conformance-case.js'
import { dtlsClosing } from './dtls-closing.js'
import { dtlsHandshakes } from './dtls-handshakes.js'
import { dtlsMessages } from './dtls-messages.js'

/** Connections over datagrams. */
export const dtls: ConformanceArea = {
  name: 'dtls',
  scope: 'dtls',
  applies: (supports) => supports.dtlsVersions.length > 0,
  cases: [...dtlsHandshakes, ...dtlsMessages, ...dtlsClosing],
}
