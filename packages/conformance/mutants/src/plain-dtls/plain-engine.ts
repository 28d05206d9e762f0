import type { TlsCertificate } from '@tlsio/core'
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
  checksum,
  clientHello,
  decodeMessage,
  decodeRecord,
  encodeMessage,
  encodeRecord,
  type Fragment,
  type Hello,
  MessageType,
  number,
  OVERHEAD,
  type Record,
  RecordType,
  textBytes,
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
  /** What both ends know of this connection, and nobody else would if anything was secret. */
  protected secret: Uint8Array = new Uint8Array(0)
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

  exportKeyingMaterial(
    label: string,
    length: number,
    context: Uint8Array = new Uint8Array(0),
  ): Uint8Array {
    const seed = Uint8Array.from([...this.secret, ...textBytes(label), ...context])
    return Uint8Array.from({ length }, (_, at) => checksum(Uint8Array.from([at, ...seed])))
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
  protected complete(peerChain: readonly Uint8Array[], negotiatedProtocol: string | null): void {
    this.result = {
      protocolVersion: 'DTLSv1.2',
      cipherSuite: 'TLS_NULL_WITH_NULL_NULL',
      negotiatedProtocol,
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
  #hello: Hello | undefined
  #certificate: TlsCertificate | undefined
  #answer: Answer | undefined

  start({ serverName, advertisedProtocols, certificate }: ClientHandshakeParameters): void {
    this.secret = crypto.getRandomValues(new Uint8Array(32))
    this.#hello = { random: this.secret, serverName, protocols: advertisedProtocols }
    this.#certificate = certificate
    this.#sendHello(new Uint8Array(0))
  }

  protected takeMessage(type: number, body: Uint8Array): void {
    const isAnswered = this.#answer !== undefined
    if (type === MessageType.HELLO_VERIFY_REQUEST && !isAnswered) this.#sendHello(body.subarray(3))
    else if (type === MessageType.CERTIFICATE && !isAnswered) {
      this.#answer = decodeAnswer(body)
      const shown = this.#answer.asksForCertificate ? this.#certificate : undefined
      this.sendFlight(MessageType.FINISHED, encodeChain(shown))
    } else if (type === MessageType.FINISHED && this.#answer && this.result === undefined) {
      this.complete(this.#answer.chain, this.#answer.protocol)
    }
  }

  #sendHello(cookie: Uint8Array): void {
    if (this.#hello === undefined) return
    this.sendFlight(MessageType.CLIENT_HELLO, clientHello(this.#hello, cookie))
  }
}

/** The server's end, which begins with a hello whose cookie is good. */
export class PlainDtlsServer extends PlainDtlsEngine<ServerHandshakeParameters> {
  #answer: Answer | undefined
  #isAnswered = false
  #certificate: TlsCertificate | undefined

  start({ certificate, advertisedProtocols, authenticationMode }: ServerHandshakeParameters): void {
    this.#certificate = certificate
    this.#answer = {
      asksForCertificate: authenticationMode !== 'none',
      protocol: advertisedProtocols[0] ?? null,
      chain: [],
    }
  }

  protected takeMessage(type: number, body: Uint8Array): void {
    const answer = this.#answer
    const isFinished = type === MessageType.FINISHED
    if (answer === undefined) return
    if (type === MessageType.CLIENT_HELLO && !this.#isAnswered) {
      this.#isAnswered = true
      this.secret = body.slice(2, 34)
      this.sendFlight(MessageType.CERTIFICATE, encodeAnswer(answer, this.#certificate))
    } else if (isFinished && this.#isAnswered && this.result === undefined) {
      this.complete(decodeChain(body), answer.protocol)
      this.sendFlight(MessageType.FINISHED, new Uint8Array(0))
    } else if (isFinished === (this.result !== undefined)) {
      // The peer has not got the answer to what it repeats.
      this.sendAgain()
    }
  }
}

/** What a server says to a hello, together with its chain. */
interface Answer {
  readonly asksForCertificate: boolean
  readonly protocol: string | null
  readonly chain: readonly Uint8Array[]
}

function encodeAnswer(
  { asksForCertificate, protocol }: Answer,
  certificate: TlsCertificate | undefined,
): Uint8Array {
  const name = vector(1, textBytes(protocol ?? ''))
  return Uint8Array.from([asksForCertificate ? 1 : 0, ...name, ...encodeChain(certificate)])
}

function decodeAnswer(body: Uint8Array): Answer {
  const end = 2 + (body[1] ?? 0)
  const protocol = new TextDecoder().decode(body.subarray(2, end)) || null
  return { asksForCertificate: body[0] === 1, protocol, chain: decodeChain(body.subarray(end)) }
}

function encodeChain(certificate: TlsCertificate | undefined): Uint8Array {
  const chain = certificate?.chain() ?? []
  return Uint8Array.from(chain.flatMap(({ der }) => vector(3, der)))
}

function decodeChain(body: Uint8Array): readonly Uint8Array[] {
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
