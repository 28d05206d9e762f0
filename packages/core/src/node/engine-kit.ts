/**
 * What an engine that lives on Node's streams needs, and nobody else.
 *
 * @module @tlsio/core/node/engine
 */
export { DuplexReader } from './duplex-reader.js'
export { duplexBelow, isNodeBacked, type NodeBackedStream, takeDuplex } from './duplex-stream.js'
export { DuplexWriter } from './duplex-writer.js'
export { ioErrorFrom } from './errors.js'
export { lingerThenDestroy } from './linger.js'
export { StreamDuplex } from './stream-duplex.js'
