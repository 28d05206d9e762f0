import {
  type ClientHandshakeParameters,
  type DtlsEngine,
  type DtlsEngineSettings,
  errorForAlert,
  type HandshakeParameters,
  type HandshakeResult,
  type ServerHandshakeParameters,
} from '@tlsio/core/backend'
import {
  clientHello,
  decodeMessage,
  decodeRecord,
  encodeMessage,
  encodeRecord,
  type Fragment,
  MessageType,
  number,
  OVERHEAD,
  type Record,
  RecordType,
  uint,
  vector,
} from './messages.js'

/**
 * DTLS without its cryptography: records, flights, retransmission and replay protection are there, and a
 * checksum stands for the MAC. The server shows its chain, both say Finished. It is what mutants of DTLS
 * are made from, and fit for nothing else.
 */
export abstract class PlainDtlsEngine<P extends HandshakeParameters> implements DtlsEngine<P> {
  protected readonly settings: DtlsEngineSettings
  readonly #datagrams: Uint8Array[] = []
  readonly #messages: Uint8Array[] = []
  readonly #parts = new Map<number, Map<number, Uint8Array>>()
  readonly #received = new Set<number>()
  #flight: readonly Uint8Array[] = []
  #sent = 0
  #due: number | undefined
  #wait: number
  result: HandshakeResult | undefined
  hasEnded = false

  constructor(settings: DtlsEngineSettings) {
    this.settings = settings
    this.#wait = settings.retransmissionTimeout
  }

  get maxMessageSize(): number {
    return this.settings.maxDatagramSize - OVERHEAD
  }

  get timeout(): number | undefined {
    if (this.#due === undefined) return undefined
    return Math.max(0, this.#due - this.settings.clock.monotonicNow())
  }

  abstract start(parameters: P): void

  receive(datagram: Uint8Array): void {
    const record = decodeRecord(datagram)
    if (record?.type === RecordType.HANDSHAKE && record.epoch === 0) this.#takePart(record.content)
    else if (record?.epoch === 1 && this.result !== undefined) this.#take(record)
  }

  tick(): void {
    if (this.#due === undefined || this.settings.clock.monotonicNow() < this.#due) return
    this.#wait *= 2
    this.sendAgain()
  }

  write(message: Uint8Array): void {
    this.#send(RecordType.APPLICATION_DATA, 1, message)
  }

  closeNotify(): void {
    this.#send(RecordType.ALERT, 1, Uint8Array.of(1, 0))
  }

  alert(description: number): void {
    this.#send(RecordType.ALERT, 1, Uint8Array.of(2, description))
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#datagrams.shift()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#messages.shift()
  }

  /** A whole message of the handshake, which may have come before. */
  protected abstract takeMessage(type: number, body: Uint8Array): void

  /** Sends a message as a flight; it is sent again until there is a next one, or an end. */
  protected sendFlight(type: number, body: Uint8Array): void {
    this.#wait = this.settings.retransmissionTimeout
    this.#flight = encodeMessage(type, body, this.settings.maxDatagramSize - 13)
    this.sendAgain()
  }

  /** Sends the last flight once more. */
  protected sendAgain(): void {
    for (const part of this.#flight) this.#send(RecordType.HANDSHAKE, 0, part)
    const isLast = this.result !== undefined
    this.#due = isLast ? undefined : this.settings.clock.monotonicNow() + this.#wait
  }

  /** The handshake is done. */
  protected complete(peerChain: readonly Uint8Array[]): void {
    this.result = {
      protocolVersion: 'DTLSv1.2',
      cipherSuite: 'TLS_NULL_WITH_NULL_NULL',
      negotiatedProtocol: null,
      isSessionResumed: false,
      peerChain,
    }
    this.#due = undefined
  }

  #takePart(content: Uint8Array): void {
    const fragment = decodeMessage(content)
    if (fragment === undefined) return
    const body = this.#wholeOf(fragment)
    if (body !== undefined) this.takeMessage(fragment.type, body)
  }

  #wholeOf({ type, length, offset, part }: Fragment): Uint8Array | undefined {
    const parts = this.#parts.get(type) ?? new Map<number, Uint8Array>()
    this.#parts.set(type, parts)
    parts.set(offset, part)
    const whole: number[] = []
    for (let next = parts.get(0); next && next.length > 0; next = parts.get(whole.length)) {
      whole.push(...next)
    }
    if (whole.length !== length) return undefined
    this.#parts.delete(type)
    return Uint8Array.from(whole)
  }

  #take({ type, number, content }: Record): void {
    if (this.#received.has(number)) return
    this.#received.add(number)
    if (type === RecordType.APPLICATION_DATA) this.#messages.push(content)
    if (type !== RecordType.ALERT) return
    const [level, description = 0] = content
    if (level === 2) throw errorForAlert(description)
    this.hasEnded = true
  }

  #send(type: number, epoch: number, content: Uint8Array): void {
    this.#datagrams.push(encodeRecord({ type, epoch, number: this.#sent++, content }))
  }
}

/** The client's end. */
export class PlainDtlsClient extends PlainDtlsEngine<ClientHandshakeParameters> {
  #serverName: string | undefined
  #chain: readonly Uint8Array[] | undefined

  start({ serverName }: ClientHandshakeParameters): void {
    this.#serverName = serverName
    this.#sendHello(new Uint8Array(0))
  }

  protected takeMessage(type: number, body: Uint8Array): void {
    const isAnswered = this.#chain !== undefined
    if (type === MessageType.HELLO_VERIFY_REQUEST && !isAnswered) this.#sendHello(body.subarray(3))
    else if (type === MessageType.CERTIFICATE && !isAnswered) {
      this.#chain = readChain(body)
      this.sendFlight(MessageType.FINISHED, Uint8Array.of(1))
    } else if (type === MessageType.FINISHED && isAnswered && this.result === undefined) {
      this.complete(this.#chain ?? [])
    }
  }

  #sendHello(cookie: Uint8Array): void {
    this.sendFlight(MessageType.CLIENT_HELLO, clientHello(this.#serverName, cookie))
  }
}

/** The server's end, which begins with a hello whose cookie is good. */
export class PlainDtlsServer extends PlainDtlsEngine<ServerHandshakeParameters> {
  #chain = new Uint8Array(0)
  #isAnswered = false

  start({ certificate }: ServerHandshakeParameters): void {
    const ders = certificate.chain().map(({ der }) => der)
    this.#chain = Uint8Array.from(ders.flatMap((der) => vector(3, der)))
  }

  protected takeMessage(type: number, _body: Uint8Array): void {
    const isFinished = type === MessageType.FINISHED
    if (type === MessageType.CLIENT_HELLO && !this.#isAnswered) {
      this.#isAnswered = true
      this.sendFlight(MessageType.CERTIFICATE, this.#chain)
    } else if (isFinished && this.#isAnswered && this.result === undefined) {
      this.complete([])
      this.sendFlight(MessageType.FINISHED, Uint8Array.of(2))
    } else if (isFinished === (this.result !== undefined)) {
      // The peer has not got the answer to what it repeats.
      this.sendAgain()
    }
  }
}

function readChain(body: Uint8Array): readonly Uint8Array[] {
  const chain: Uint8Array[] = []
  for (let at = 0; at < body.length; ) {
    const length = number(body.subarray(at, at + 3))
    chain.push(body.slice(at + 3, at + 3 + length))
    at += 3 + length
  }
  return chain
}

/** HelloVerifyRequest in a datagram (RFC 6347 §4.2.1). */
export function helloVerifyRequest(cookie: number): Uint8Array {
  const body = Uint8Array.from([254, 253, ...vector(1, uint(4, cookie))])
  const content = encodeMessage(MessageType.HELLO_VERIFY_REQUEST, body, 100)[0] as Uint8Array
  return encodeRecord({ type: RecordType.HANDSHAKE, epoch: 0, number: 0, content })
}
