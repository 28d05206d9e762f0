import {
  type HandshakeMessage,
  HandshakeReader,
  parseServerHello,
  RecordType,
} from '@tlsio/core/wire'
import { readAcceptedCas } from './certificate-request.js'
import { Message } from './ffi/constants.js'
import type { OpenedRecord } from './flight-opener.js'
import { HEADER } from './handshake-records.js'

/** What the gate needs to know of the handshake that it stands before. */
export interface GateView {
  /**
   * Opens a record of the server's encrypted flight: `undefined` if there is nothing to open it with,
   * or it does not open.
   */
  open(record: Uint8Array): OpenedRecord | undefined
}

/**
 * Stands before a client of libgnutls, which answers a certificate request at once and cannot wait:
 * looks at each record before it is fed, and says when one asks for a certificate. Whatever it does not
 * understand it lets through, for libgnutls to judge.
 */
export class CertificateGate {
  readonly #view: GateView
  readonly #clear = new HandshakeReader()
  readonly #encrypted = new HandshakeReader()
  #version: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** The message before, which decides whether a request is in its turn. */
  #last: number | undefined
  #isOpen = false

  constructor(view: GateView) {
    this.#view = view
  }

  /** Whether no request can follow: records may be fed as they come. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether the server has said hello. */
  get hasServerHello(): boolean {
    return this.#version !== undefined
  }

  /**
   * Looks at the next record, header and all.
   *
   * @returns the names of a request that is complete with it, to be answered before it is fed;
   *   `undefined` if it may be fed at once.
   */
  look(record: Uint8Array): readonly Uint8Array[] | undefined {
    if (this.#isOpen) return undefined
    const type = record[0] as number
    const fragment = record.subarray(HEADER)
    if (type === RecordType.HANDSHAKE) {
      return this.#take(this.#clear.push({ type, legacyVersion: 0, fragment }))
    }
    if (this.#version === undefined) return undefined
    if (this.#version === 'TLSv1.2') {
      // Encryption begins with the client's answer, or at once where a session is resumed.
      if (type === RecordType.CHANGE_CIPHER_SPEC) this.#isOpen = true
      return undefined
    }
    return type === RecordType.APPLICATION_DATA ? this.#lookInside(record) : undefined
  }

  #lookInside(record: Uint8Array): readonly Uint8Array[] | undefined {
    const opened = this.#view.open(record)
    if (opened === undefined || opened.type !== RecordType.HANDSHAKE) {
      this.#isOpen = true
      return undefined
    }
    return this.#take(this.#encrypted.push({ ...opened, legacyVersion: 0 }))
  }

  #take(messages: readonly HandshakeMessage[]): readonly Uint8Array[] | undefined {
    for (const message of messages) {
      const { type, body } = message
      const before = this.#last
      this.#last = type
      if (type === Message.SERVER_HELLO) this.#takeHello(body)
      else if (type === Message.CERTIFICATE_REQUEST) return this.#takeRequest(body, before)
      else if (!mayPrecedeRequest(type, this.#version)) this.#isOpen = true
      if (this.#isOpen) return undefined
    }
    return undefined
  }

  #takeHello(body: Uint8Array): void {
    const parsed = parseServerHello(body)
    if (!parsed.ok) {
      this.#isOpen = true
      return
    }
    const { version, isRetryRequest, selectedPsk } = parsed.value
    if (isRetryRequest) return
    this.#version = version === TLS13 ? 'TLSv1.3' : 'TLSv1.2'
    // Who resumes is not asked (RFC 8446 §4.3.2).
    if (selectedPsk !== undefined) this.#isOpen = true
  }

  /** One that comes out of turn, or cannot be read, is for libgnutls to refuse. */
  #takeRequest(body: Uint8Array, before: number | undefined): readonly Uint8Array[] | undefined {
    this.#isOpen = true
    const version = this.#version
    if (version === undefined || before === undefined) return undefined
    return predecessors[version].has(before) ? readAcceptedCas(body, version) : undefined
  }
}

/** What a request may directly follow (RFC 8446 §4.3.2, RFC 5246 §7.3, RFC 6066 §8). */
const predecessors = {
  'TLSv1.2': new Set<number>([
    Message.CERTIFICATE,
    Message.CERTIFICATE_STATUS,
    Message.SERVER_KEY_EXCHANGE,
  ]),
  'TLSv1.3': new Set<number>([Message.ENCRYPTED_EXTENSIONS]),
} as const

function mayPrecedeRequest(type: number, version: 'TLSv1.2' | 'TLSv1.3' | undefined): boolean {
  return version === undefined || predecessors[version].has(type)
}

const TLS13 = 0x0304
