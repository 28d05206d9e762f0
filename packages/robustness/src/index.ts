/**
 * Rough treatment for any backend: random interleavings, damaged and awkward streams, and leaks. Each
 * adds its tests to ava.
 */
export { fuzz } from './fuzz/fuzz.js'
export { PlainBackend } from './fuzz/plain-backend.js'
export type { Subject } from './subject.js'
export { alerts } from './suites/alerts.js'
export { awkwardStreams } from './suites/awkward-streams.js'
export { badInput } from './suites/bad-input.js'
export { damagedDatagrams } from './suites/damaged-datagrams.js'
export { flippedBits } from './suites/flipped-bits.js'
export { handshakeCut } from './suites/handshake-cut.js'
export { leaks } from './suites/leaks.js'
export { misplacedRecords } from './suites/misplaced-records.js'
