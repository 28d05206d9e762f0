import type { CreateBackend } from '@tlsio/conformance'
import type { DtlsCookies, TlsBackend } from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  DtlsEngine,
  DtlsEngineSettings,
  DtlsServerEngineSettings,
  ServerHandshakeParameters,
} from '@tlsio/core/backend'
import { claiming } from '../breaking/claims.js'
import { createGood } from '../breaking/good.js'
import { checksum, cookieOf, decodeMessage, decodeRecord, MessageType, number } from './messages.js'
import { helloVerifyRequest, PlainDtlsClient, PlainDtlsServer } from './plain-engine.js'

/** The good backend, and how it makes what DTLS needs. */
export interface DtlsBackend extends Omit<TlsBackend, 'dtlsCookies'> {
  dtlsCookies: DtlsCookies | null
  createDtlsClientEngine(settings: DtlsEngineSettings): DtlsEngine<ClientHandshakeParameters>
  createDtlsServerEngine(settings: DtlsServerEngineSettings): DtlsEngine<ServerHandshakeParameters>
}

/** Good, with DTLS besides, but the backend itself is changed. It must pass if nothing is. */
export function withDtls(change: (backend: DtlsBackend) => void = () => {}): CreateBackend {
  return claiming({ dtlsVersions: ['DTLSv1.2'] }, (context) => {
    const backend = createGood(context) as TlsBackend & DtlsBackend
    const members: Partial<DtlsBackend> = {
      createDtlsClientEngine: (settings) => new PlainDtlsClient(settings),
      createDtlsServerEngine: (settings) => new PlainDtlsServer(settings),
      dtlsCookies: plainCookies,
    }
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(backend, name, { value, writable: true, configurable: true })
    }
    change(backend)
    return backend
  })
}

/** Cookies that stand for an address, and would be secret if anything was. */
export const plainCookies: DtlsCookies = {
  check(datagram, peer) {
    const record = decodeRecord(datagram)
    const message = record?.epoch === 0 ? decodeMessage(record.content) : undefined
    if (message?.type !== MessageType.CLIENT_HELLO) return { kind: 'ignored' }
    const good = checksum(new TextEncoder().encode(`for ${peer}`))
    const cookie = cookieOf(message.part)
    if (cookie.length === 4 && number(cookie) === good) return { kind: 'verified' }
    return { kind: 'challenge', answer: helloVerifyRequest(good) }
  },
}
