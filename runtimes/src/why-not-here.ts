// Prints why a backend is not available here, in one line, or nothing if it is.
import process from 'node:process'
import { TlsError } from '@tlsio/core'
import { nativeBackends } from './node-backends.js'

const [name = ''] = process.argv.slice(2)
const create = nativeBackends[name]
if (create === undefined) throw new TypeError(`No native backend is named "${name}".`)
try {
  create({ explain: () => [] })
} catch (error) {
  if (!(error instanceof TlsError && error.code === 'TLS_UNAVAILABLE')) throw error
  console.log(error.message)
}
