import type { TlsChannelBindingType } from '@tlsio/core'
import { noCapabilities } from '@tlsio/core/backend'
import test from 'ava'
import { type BindingSource, channelBinding } from '#src/base/channel-bindings.js'
import { fullHandshake, ScriptedDriver, someCertificate } from './support/scripted-backend.js'

const types = ['tls-unique', 'tls-server-end-point', 'tls-exporter'] as const

/** An engine that claims every type, and has what the test gives it. */
function source(
  engine: Partial<Pick<BindingSource['driver'], 'finishedMessages' | 'exportKeyingMaterial'>>,
  changes: Partial<BindingSource> = {},
): BindingSource {
  return {
    backendName: 'scripted',
    supports: { ...noCapabilities, channelBindings: types },
    role: 'client',
    result: fullHandshake({ protocolVersion: 'TLSv1.2' }),
    driver: Object.assign(new ScriptedDriver({ session: () => {} }), engine),
    serverCertificate: someCertificate,
    ...changes,
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const local = new TextEncoder().encode('ours')
const peer = new TextEncoder().encode("the peer's")

test('channel-bindings/the-first-finished-message-counts', async (t) => {
  const finishedMessages = () => ({ local, peer })
  const of = async (role: 'client' | 'server', isSessionResumed: boolean) => {
    const result = fullHandshake({ protocolVersion: 'TLSv1.2', isSessionResumed })
    return text(await channelBinding('tls-unique', source({ finishedMessages }, { role, result })))
  }
  t.is(await of('client', false), 'ours')
  t.is(await of('server', false), "the peer's")
  t.is(await of('client', true), "the peer's")
  t.is(await of('server', true), 'ours')
})

test('channel-bindings/no-data-is-an-error', async (t) => {
  const nothing = new Uint8Array(0)
  const of = (type: TlsChannelBindingType) =>
    channelBinding(
      type,
      source(
        {
          finishedMessages: () => ({ local: nothing, peer: undefined }),
          exportKeyingMaterial: () => nothing,
        },
        { serverCertificate: null },
      ),
    )
  for (const type of types) {
    await t.throwsAsync(of(type), { code: 'CHANNEL_BINDING_NOT_AVAILABLE' }, type)
  }
})

test('channel-bindings/an-engine-that-cannot-export', async (t) => {
  const cause = new Error('no secret')
  const exportKeyingMaterial = () => {
    throw cause
  }
  const binding = channelBinding('tls-exporter', source({ exportKeyingMaterial }))
  const error = await t.throwsAsync(binding, { code: 'CHANNEL_BINDING_GENERAL_ERROR' })
  t.is(error?.cause, cause)
})
