import { TlsError } from '@tlsio/core'
import {
  errorForAlert,
  type HandshakeResult,
  type ServerHandshakeParameters,
  type TlsEngine,
} from '@tlsio/core/backend'
import {
  type ClientHello,
  concat,
  HandshakeReader,
  HandshakeType,
  hex,
  RecordReader,
  RecordType,
  type TlsRecord,
} from '@tlsio/core/wire'
import { record } from '../bytes.js'
import { message, sameBytes, uint } from './encoding.js'
import {
  helloRetryRequest,
  keyShares,
  messageHash,
  type RetryRequest,
  readHello,
  serverHello,
} from './hello-messages.js'
import { requireRetried, wantedRetry } from './hello-retry.js'
import { exchangeKeys } from './key-exchange.js'
import {
  deriveSecret,
  earlySecret,
  expandLabel,
  exportKeyingMaterial,
  finishedMac,
  hashLength,
} from './key-schedule.js'
import { RecordProtection } from './record-protection.js'
import type { ScriptedHandshake, ServerScript } from './scripted-server.js'
import {
  certificateMessage,
  certificateVerify,
  EncryptedType,
  encryptedExtensions,
  fatal,
  type KeyUpdateRequest,
  keyUpdate,
  newSessionTicket,
  readKeyUpdate,
} from './server-messages.js'
import type { Ticket, TicketBook } from './ticket-book.js'
import { applicationSecrets, handshakeSecrets } from './traffic-secrets.js'

const PSK_DHE_KE = 1
const MAX_FRAGMENT = 2 ** 14
const NONE = new Uint8Array(0)

/** A ticket that the client offers and this server takes. */
interface Chosen {
  readonly ticket: Ticket
  readonly index: number
}

/** What is to be known until the client's Finished. */
interface Secrets {
  readonly client: Uint8Array
  readonly master: Uint8Array
  readonly exporter: Uint8Array
  readonly clientData: RecordProtection
  readonly session: number
}

/** The server's side of TLS 1.3 (RFC 8446), as little of it as a session needs. */
export class ScriptedEngine implements TlsEngine<ServerHandshakeParameters> {
  result: HandshakeResult | undefined
  hasEnded = false
  readonly #script: ServerScript
  readonly #tickets: TicketBook
  readonly #handshakes: ScriptedHandshake[]
  readonly #records = new RecordReader()
  readonly #hello = new HandshakeReader()
  readonly #ciphertext: Uint8Array[] = []
  readonly #plaintext: Uint8Array[] = []
  /** Records are numbered and sent in one order, whoever makes them. */
  #sending: Promise<void> = Promise.resolve()
  /** Keys follow each other, too. */
  #updating: Promise<void> = Promise.resolve()
  #parameters: ServerHandshakeParameters | undefined
  #reader: RecordProtection | undefined
  #writer: RecordProtection | undefined
  #retry: RetryRequest | undefined
  #transcript: Uint8Array = NONE
  #finished: Uint8Array = NONE
  #secrets: Secrets | undefined
  #negotiated: Pick<HandshakeResult, 'negotiatedProtocol' | 'isSessionResumed'> | undefined
  #offered = 0
  #resumptionSecret: Uint8Array = NONE
  #owed = 0
  #given = 0
  /** What the client's own updates asked for. */
  readonly #keyUpdates: KeyUpdateRequest[] = []
  /** The client has said that it is over. */
  #wasTold = false

  constructor(script: ServerScript, tickets: TicketBook, handshakes: ScriptedHandshake[]) {
    this.#script = script
    this.#tickets = tickets
    this.#handshakes = handshakes
  }

  start(parameters: ServerHandshakeParameters): void {
    this.#parameters = parameters
  }

  async receive(ciphertext: Uint8Array): Promise<void> {
    try {
      for (const one of this.#records.push(ciphertext)) await this.#take(one)
      if (this.#records.problem !== undefined) throw fatal('decode_error', 'It is no TLS record.')
    } catch (error) {
      if (error instanceof TlsError && !this.#wasTold) {
        await this.#send(RecordType.ALERT, Uint8Array.of(2, error.alert ?? 80))
      }
      throw error
    }
  }

  async write(plaintext: Uint8Array): Promise<void> {
    if (this.#script.keyUpdate !== undefined) await this.#updateKeys(this.#script.keyUpdate)
    await this.#send(RecordType.APPLICATION_DATA, plaintext)
    await this.#payTickets()
  }

  closeNotify(): Promise<void> {
    return this.#send(RecordType.ALERT, Uint8Array.of(1, 0))
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#ciphertext.shift()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#plaintext.shift()
  }

  async #take(one: TlsRecord): Promise<void> {
    if (this.hasEnded) return
    // It means nothing in TLS 1.3 (RFC 8446 Appendix D.4).
    if (one.type === RecordType.CHANGE_CIPHER_SPEC) return
    if (one.type === RecordType.ALERT) return this.#takeAlert(one.fragment)
    if (this.#reader === undefined) {
      for (const { type, body } of this.#hello.push(one)) {
        if (type !== HandshakeType.CLIENT_HELLO)
          throw fatal('unexpected_message', 'No ClientHello.')
        await this.#answer(message(type, body), body)
      }
      return
    }
    const { type, content } = await this.#open(this.#reader, one)
    if (type === RecordType.ALERT) return this.#takeAlert(content)
    if (type === RecordType.HANDSHAKE) {
      return this.result === undefined ? this.#finish(content) : this.#takeKeyUpdate(content)
    }
    if (type !== RecordType.APPLICATION_DATA || this.result === undefined) {
      throw fatal('unexpected_message', `A record of type ${type} does not belong here.`)
    }
    if (content.length > 0) this.#plaintext.push(content.slice())
    await this.#payTickets()
  }

  async #open(reader: RecordProtection, one: TlsRecord) {
    try {
      return await reader.open(one)
    } catch (cause) {
      throw fatal('bad_record_mac', 'A record of the client cannot be decrypted.', { cause })
    }
  }

  #takeAlert([, description = 0]: Uint8Array): void {
    this.#wasTold = true
    if (description !== 0) throw errorForAlert(description)
    this.hasEnded = true
  }

  /** From the ClientHello to our Finished. */
  async #answer(raw: Uint8Array, body: Uint8Array): Promise<void> {
    const { certificate, advertisedProtocols } = this.#parameters as ServerHandshakeParameters
    const hello = readHello(body)
    const shares = keyShares(hello)
    if (this.#retry === undefined) {
      this.#retry = wantedRetry(hello, shares, this.#script.retry)
      if (this.#retry !== undefined) return this.#askAgain(raw, hello, this.#retry)
    } else {
      requireRetried(this.#retry, hello, shares)
    }
    const exchange = await exchangeKeys(shares)
    if (exchange === undefined) throw fatal('handshake_failure', 'No key share is of use.')
    const chosen = await this.#choose(raw, hello)
    this.#offered = hello.preSharedKey?.identities.length ?? 0
    this.#transcript = concat(this.#transcript, raw)

    await this.#sendHandshake(serverHello(hello, exchange.share, chosen?.index))
    if (this.#retry === undefined) await this.#changeCipherSpec(hello)

    const { client, server, master } = await handshakeSecrets(
      chosen?.ticket.psk,
      exchange.secret,
      this.#transcript,
    )
    this.#log('CLIENT_HANDSHAKE_TRAFFIC_SECRET', hello, client)
    this.#log('SERVER_HANDSHAKE_TRAFFIC_SECRET', hello, server)
    this.#reader = await RecordProtection.of(client)
    this.#writer = await RecordProtection.of(server)

    const [protocol] = advertisedProtocols
    await this.#sendHandshake(encryptedExtensions(protocol))
    if (chosen === undefined) {
      await this.#sendHandshake(certificateMessage(certificate))
      await this.#sendHandshake(await certificateVerify(certificate, this.#transcript))
    }
    const mac = await finishedMac(server, this.#transcript)
    await this.#sendHandshake(message(EncryptedType.FINISHED, mac))

    const data = await applicationSecrets(master, this.#transcript)
    this.#log('CLIENT_TRAFFIC_SECRET_0', hello, data.client)
    this.#log('SERVER_TRAFFIC_SECRET_0', hello, data.server)
    this.#log('EXPORTER_SECRET', hello, data.exporter)
    this.#writer = await RecordProtection.of(data.server)
    const clientData = await RecordProtection.of(data.client)
    const session = chosen?.ticket.session ?? this.#tickets.newSession()
    this.#secrets = { client, master, exporter: data.exporter, clientData, session }
    this.#negotiated = {
      negotiatedProtocol: protocol ?? null,
      isSessionResumed: chosen !== undefined,
    }
  }

  async #askAgain(raw: Uint8Array, hello: ClientHello, retry: RetryRequest): Promise<void> {
    this.#transcript = await messageHash(raw)
    await this.#sendHandshake(helloRetryRequest(hello, retry))
    await this.#changeCipherSpec(hello)
  }

  /** After the first message, for middleboxes (RFC 8446 Appendix D.4). */
  async #changeCipherSpec({ sessionId }: ClientHello): Promise<void> {
    if (sessionId.length > 0) await this.#send(RecordType.CHANGE_CIPHER_SPEC, Uint8Array.of(1))
  }

  #log(label: string, { random }: ClientHello, secret: Uint8Array): void {
    this.#parameters?.keyLog?.(`${label} ${hex(random)} ${hex(secret)}`)
  }

  /** The first ticket on offer that this server takes; its binder must be right. */
  async #choose(raw: Uint8Array, hello: ClientHello): Promise<Chosen | undefined> {
    const { preSharedKey, pskKeyExchangeModes } = hello
    if (preSharedKey === undefined || !pskKeyExchangeModes.includes(PSK_DHE_KE)) return undefined
    const { identities, binders } = preSharedKey
    for (const [index, { identity }] of identities.entries()) {
      const ticket = this.#tickets.take(identity)
      if (ticket === undefined) continue
      const key = await deriveSecret(await earlySecret(ticket.psk), 'res binder', NONE)
      // All of the messages but the list of binders at their end (RFC 8446 §4.2.11.2).
      const listLength = 2 + binders.reduce((sum, { length }) => sum + 1 + length, 0)
      const messages = concat(this.#transcript, raw.subarray(0, raw.length - listLength))
      const mac = await finishedMac(key, messages)
      if (sameBytes(mac, binders[index] ?? NONE)) return { ticket, index }
      throw fatal('decrypt_error', 'The client does not have the key of the ticket it offers.')
    }
    return undefined
  }

  /** The client's Finished: it may come in parts. */
  async #finish(part: Uint8Array): Promise<void> {
    const { client, master, exporter, clientData, session } = this.#secrets as Secrets
    this.#finished = concat(this.#finished, part)
    if (this.#finished.length < 4 + hashLength) return
    const expected = message(EncryptedType.FINISHED, await finishedMac(client, this.#transcript))
    if (!sameBytes(this.#finished, expected)) {
      throw fatal('decrypt_error', "The client's Finished is wrong.")
    }
    this.#transcript = concat(this.#transcript, expected)
    this.#reader = clientData
    this.#resumptionSecret = await deriveSecret(master, 'res master', this.#transcript)
    const { isSessionResumed = false, negotiatedProtocol = null } = this.#negotiated ?? {}
    const { tickets = 2, renewals = 1, when } = this.#script
    this.#owed = isSessionResumed ? renewals : tickets
    this.#handshakes.push({
      session,
      offered: this.#offered,
      resumed: isSessionResumed,
      keyUpdates: this.#keyUpdates,
      exportKeyingMaterial: (...asked) => exportKeyingMaterial(exporter, ...asked),
    })
    this.result = {
      protocolVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      negotiatedProtocol,
      isSessionResumed,
      peerChain: [],
    }
    if (when !== 'after-data') await this.#payTickets()
  }

  /** Sends the tickets that are due (RFC 8446 §4.6.1). */
  async #payTickets(): Promise<void> {
    const { lifetime = 7200 } = this.#script
    const session = this.#secrets?.session ?? 0
    while (this.#owed > 0) {
      this.#owed--
      const nonce = uint(this.#given++, 2)
      const identity = crypto.getRandomValues(new Uint8Array(32))
      const secret = this.#resumptionSecret
      const psk = await expandLabel(secret, 'resumption', nonce, hashLength)
      this.#tickets.add({ identity, psk, session }, lifetime)
      await this.#send(RecordType.HANDSHAKE, newSessionTicket(lifetime, nonce, identity))
    }
  }

  async #takeKeyUpdate(content: Uint8Array): Promise<void> {
    const request = readKeyUpdate(content)
    this.#keyUpdates.push(request)
    this.#reader = await this.#reader?.next()
    if (request === 'update_requested') await this.#updateKeys('update_not_requested')
  }

  /** What is sent after the message has the next keys (RFC 8446 §4.6.3). */
  #updateKeys(request: KeyUpdateRequest): Promise<void> {
    this.#updating = this.#updating.then(async () => {
      const next = await this.#writer?.next()
      const sent = this.#send(RecordType.HANDSHAKE, keyUpdate(request))
      this.#writer = next
      await sent
    })
    return this.#updating
  }

  #sendHandshake(bytes: Uint8Array): Promise<void> {
    this.#transcript = concat(this.#transcript, bytes)
    return this.#send(RecordType.HANDSHAKE, bytes)
  }

  #send(type: number, content: Uint8Array): Promise<void> {
    const isPlain = this.#writer === undefined || type === RecordType.CHANGE_CIPHER_SPEC
    const writer = this.#writer
    this.#sending = this.#sending.then(async () => {
      for (let at = 0; at < content.length; at += MAX_FRAGMENT) {
        const part = content.subarray(at, at + MAX_FRAGMENT)
        const whole = isPlain ? record('TLSv1.3', type, part) : await writer?.seal(type, part)
        if (whole !== undefined) this.#ciphertext.push(whole)
      }
    })
    return this.#sending
  }
}
