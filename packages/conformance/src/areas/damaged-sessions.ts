import {
  type SessionStore,
  type TlsConnection,
  TlsError,
  type TlsProtocolVersion,
  TlsSession,
} from '@tlsio/core'
import { equal, ok } from '../assertions.js'
import { bytesOf, pattern } from '../bytes.js'
import type { CaseContext, Pair } from '../case-context.js'
import { type ConformanceCase, sharedVersions } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { bothResume, connectOnce, resumed } from '../resumption.js'

const blobs =
  'OpenSSL d2i_SSL_SESSION(), GnuTLS gnutls_session_set_data(): what cannot be read is a full handshake'

/** A good session, and its bytes. */
async function goodSession(context: CaseContext) {
  const { client } = await context.connect()
  const session = await deadline(client.getSession(), 'getSession')
  const data = TlsSession.dataOf(session)
  ok(data !== undefined, 'the session has bytes')
  return { facts: TlsSession.factsOf(session), data }
}

/** Offers a session by each of the two ways in: the application's and a store's. */
async function offerBothWays(context: CaseContext, session: TlsSession): Promise<void> {
  const set = await context.pair()
  set.client.setSession(session)
  await mayFailInOrder(set)
  const data = TlsSession.dataOf(session) as Uint8Array
  // One that was offered already would not be taken from a store.
  const fresh = new TlsSession(TlsSession.factsOf(session), { data })
  const sessionStore: SessionStore = { put() {}, take: () => fresh, remove() {} }
  const clientBackend = context.createBackend({ sessionStore })
  await mayFailInOrder(await context.pair({ clientBackend }))
}

/**
 * A full handshake, or a resumed one if the damage did no harm; else an error of its kind. Data that
 * arrives is the right data.
 */
async function mayFailInOrder(pair: Pair): Promise<void> {
  const outcomes = Promise.allSettled([orDrop(pair.client), orDrop(pair.server)])
  const [client] = await deadline(outcomes, 'A handshake with a damaged session')
  if (client.status === 'rejected') {
    const { reason } = client
    ok(reason instanceof TlsError, `${String(reason)} is a TlsError`)
    return
  }
  await pair.settle()
  equal(pair.client.isSessionResumed, pair.server.isSessionResumed, 'isSessionResumed')
  equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
  await pair.close()
}

/** The handshake of one end, which lets the other not wait in vain if it fails. */
function orDrop(end: TlsConnection): Promise<void> {
  return end.handshake().catch((error: unknown) => {
    end.abort(error)
    throw error
  })
}

/** What is no session, or no longer one: part of the area `sessions`. */
export const damagedSessions: readonly ConformanceCase[] = [
  {
    title: 'damaged/garbage',
    source: blobs,
    requires: bothResume,
    async run(context) {
      const { facts } = await goodSession(context)
      const garbage = [new Uint8Array(), bytesOf('Session'), pattern(1000), new Uint8Array(5000)]
      for (const data of garbage) await offerBothWays(context, new TlsSession(facts, { data }))
      resumed(await connectOnce(context), true)
    },
  },
  {
    title: 'damaged/cut-off',
    source: blobs,
    requires: bothResume,
    async run(context) {
      const { facts, data } = await goodSession(context)
      for (let part = 0; part < 16; part++) {
        const cut = data.subarray(0, Math.floor((data.length * part) / 16))
        await offerBothWays(context, new TlsSession(facts, { data: cut }))
      }
      resumed(await connectOnce(context), true)
    },
  },
  {
    title: 'damaged/one-byte-changed',
    source: blobs,
    requires: bothResume,
    async run(context) {
      const { facts, data } = await goodSession(context)
      for (let part = 0; part < 16; part++) {
        const changed = Uint8Array.from(data)
        const at = Math.floor((data.length * part) / 16)
        changed[at] = (changed[at] ?? 0) ^ 0x55
        await offerBothWays(context, new TlsSession(facts, { data: changed }))
      }
      // Up to TLS 1.2 the server may have given the session up, for one that was refused with an alert
      // (RFC 5246 §7.2.2).
      const after = await connectOnce(context)
      equal(after.client.peerCertificateErrors, 0, 'peerCertificateErrors afterwards')
    },
  },
  // denoland/deno#36592: a placeholder in place of a session is no session either.
  {
    title: 'damaged/of-another-engine',
    source: `${blobs}; not even under this backend's name`,
    requires: bothResume,
    async run(context) {
      const { facts } = await goodSession(context)
      const foreign = [
        bytesOf('deno-tls-session:a.test:990'),
        // How a session of OpenSSL begins, of GnuTLS, and one in JSON.
        Uint8Array.of(0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x01),
        Uint8Array.of(0xfa, 0xda, 0x00, 0x01, 0x01),
        bytesOf('{"version":771,"id":"00"}'),
      ]
      for (const data of foreign) await offerBothWays(context, new TlsSession(facts, { data }))
      resumed(await connectOnce(context), true)
    },
  },
  {
    title: 'damaged/of-another-version',
    source: `${blobs}; RFC 8446 §4.2.11: a session resumes in the version it was agreed with`,
    requires: (subject) => bothResume(subject) && sharedVersions(subject).length > 1,
    async run(context) {
      const { client: here, server: there } = context
      const shared = sharedVersions({ client: here.supports, server: there.supports })
      const other = shared.find((version) => version !== context.version) as TlsProtocolVersion
      const versions = { minVersion: other, maxVersion: other }
      const { client } = await context.connect({ client: versions, server: versions })
      const old = await deadline(client.getSession(), 'getSession')
      const data = TlsSession.dataOf(old) ?? new Uint8Array()
      const { facts } = await goodSession(context)
      // It says the one version, and its bytes are of the other.
      await offerBothWays(context, new TlsSession(facts, { data }))
      resumed(await connectOnce(context), true)
    },
  },
]
