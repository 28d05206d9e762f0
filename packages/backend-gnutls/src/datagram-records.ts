import { RecordType } from '@tlsio/core/wire'

/** A part of a handshake message in the clear (RFC 6347 §4.2.2). */
export interface HandshakeFragment {
  readonly type: number
  /** Length of the whole message. */
  readonly length: number
  /** Its number in the handshake. */
  readonly sequence: number
  /** Where the part begins. */
  readonly offset: number
  readonly bytes: Uint8Array
}

/**
 * The records of a datagram that are whole, as one piece. libgnutls 3.7 loses the datagram after one
 * that ends in the middle of a record.
 */
export function wholeRecords(datagram: Uint8Array): WholeRecords {
  let end = 0
  let count = 0
  for (const { length } of records(datagram)) {
    end += HEADER + length
    count++
  }
  return { bytes: datagram.subarray(0, end), count }
}

/** Records of a datagram. */
export interface WholeRecords {
  readonly bytes: Uint8Array
  readonly count: number
}

/** The parts of handshake messages in a datagram, as far as it is in the clear and makes sense. */
export function handshakeFragments(datagram: Uint8Array): readonly HandshakeFragment[] {
  return [...records(datagram)].flatMap((record) => fragmentsIn(record))
}

interface DatagramRecord {
  readonly type: number
  readonly epoch: number
  readonly length: number
  readonly fragment: Uint8Array
}

function* records(datagram: Uint8Array): Generator<DatagramRecord> {
  const view = viewOf(datagram)
  for (let at = 0; at + HEADER <= datagram.length; ) {
    const length = view.getUint16(at + 11)
    const start = at + HEADER
    if (start + length > datagram.length) return
    const fragment = datagram.subarray(start, start + length)
    yield { type: view.getUint8(at), epoch: view.getUint16(at + 3), length, fragment }
    at = start + length
  }
}

function fragmentsIn({ type, epoch, fragment }: DatagramRecord): readonly HandshakeFragment[] {
  const found: HandshakeFragment[] = []
  if (type !== RecordType.HANDSHAKE || epoch !== 0) return found
  const view = viewOf(fragment)
  for (let at = 0; at + MESSAGE_HEADER <= fragment.length; ) {
    const start = at + MESSAGE_HEADER
    const end = start + uint24(view, at + 9)
    if (end > fragment.length) break
    found.push({
      type: view.getUint8(at),
      length: uint24(view, at + 1),
      sequence: view.getUint16(at + 4),
      offset: uint24(view, at + 6),
      bytes: fragment.subarray(start, end),
    })
    at = end
  }
  return found
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function uint24(view: DataView, at: number): number {
  return (view.getUint8(at) << 16) | view.getUint16(at + 1)
}

/** Bytes of a record's header (RFC 6347 §4.1). */
const HEADER = 13

/** Bytes of a handshake message's header (RFC 6347 §4.2.2). */
const MESSAGE_HEADER = 12
