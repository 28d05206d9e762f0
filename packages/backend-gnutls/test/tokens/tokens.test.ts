import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { createNodeBackend } from '@tlsio/backend-node'
import {
  client as clientFixture,
  forA,
  forB,
  testCa,
  viaIntermediate,
  withEcKey,
} from '@tlsio/conformance/fixtures'
import {
  type LoadPkcs11Options,
  memoryDatagramPair,
  memoryStreamPair,
  type ServerConnectionOptions,
  TlsCertificate,
  TlsError,
  type TlsInteraction,
  type TlsPassword,
  TlsPasswordFlags,
} from '@tlsio/core'
import type { ExecutionContext } from 'ava'
import { openGnutls } from '#src/gnutls.js'
import { database, serverIdentity } from '../support.js'
import { makeTokens, module, onTokens, PIN } from './soft-hsm.js'

const { RETRY, MANY_TRIES, FINAL_TRY, PKCS11_USER, PKCS11_CONTEXT_SPECIFIC } = TlsPasswordFlags
const versions = ['TLSv1.2', 'TLSv1.3'] as const
const noPin = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' } as const
const bad = { code: 'TLS_BAD_CERTIFICATE' } as const

/** In a token as `a`, with its key. */
function pairOf({ certificate, privateKey }: { certificate: string; privateKey: string }) {
  return { certificates: { a: certificate }, keys: { a: privateKey } }
}

/** PEM of the first of a chain, and of the next one. */
const [ownPem = '', issuerPem = ''] = viaIntermediate.certificate.split(
  /(?<=-----END CERTIFICATE-----\n)/,
)

makeTokens({
  'server-TLSv1.2': pairOf(forA),
  'server-TLSv1.3': pairOf(forA),
  'client-TLSv1.2': pairOf(clientFixture),
  'client-TLSv1.3': pairOf(clientFixture),
  datagrams: pairOf(forA),
  elliptic: pairOf(withEcKey),
  mistyped: pairOf(forA),
  stubborn: pairOf(forA),
  closed: pairOf(forA),
  written: pairOf(forA),
  named: pairOf(forA),
  crowded: pairOf(forA),
  slow: pairOf(forA),
  odd: pairOf(forA),
  empty: {},
  file: { keys: { a: forA.privateKey } },
  mixed: { certificates: { a: forA.certificate }, keys: { a: forB.privateKey } },
  issuers: {
    certificates: { a: ownPem, b: issuerPem, c: testCa },
    keys: { a: viaIntermediate.privateKey },
  },
  hidden: { ...pairOf(forA), marks: ['--mark-private'] },
  each: { ...pairOf(forA), marks: ['--mark-always-authenticate'] },
})

const backend = createGnutlsBackend({ pkcs11Modules: [module], defaultDatabase: database })
const peer = createNodeBackend({ defaultDatabase: database })

function load(token: string, options?: LoadPkcs11Options): Promise<TlsCertificate> {
  return backend.loadPkcs11Certificate(`pkcs11:token=${token};object=a`, options)
}

/** Gives one PIN after the other, and the last one again and again. */
class Giving implements TlsInteraction {
  readonly flags: number[] = []
  readonly descriptions: string[] = []
  readonly #pins: string[]

  constructor(...pins: string[]) {
    this.#pins = pins
  }

  async askPassword(password: TlsPassword) {
    this.flags.push(password.flags)
    this.descriptions.push(password.description)
    const pin = this.#pins.length > 1 ? this.#pins.shift() : this.#pins[0]
    if (pin === undefined) return 'unhandled' as const
    password.setValue(pin)
    return 'handled' as const
  }
}

/** A server of ours, and a client of node:tls. */
function serve(certificate: TlsCertificate, options: ServerConnectionOptions = {}) {
  const [near, far] = memoryStreamPair()
  const { minVersion, maxVersion } = options
  const server = backend.createServerConnection(far, { certificate, ...options })
  const client = peer.createClientConnection(near, { serverIdentity, minVersion, maxVersion })
  return { client, server }
}

/** Both handshakes; each has its outcome. */
async function shake({ client, server }: ReturnType<typeof serve>) {
  const [near, far] = await Promise.allSettled([client.handshake(), server.handshake()])
  return { client: reasonOf(near), server: reasonOf(far) }
}

function reasonOf(outcome: PromiseSettledResult<void>): unknown {
  return outcome.status === 'rejected' ? outcome.reason : undefined
}

/** A handshake that succeeds, and a byte in each direction. */
async function works(t: ExecutionContext, pair: ReturnType<typeof serve>): Promise<void> {
  t.deepEqual(await shake(pair), { client: undefined, server: undefined })
  await Promise.all([pair.server.write(Uint8Array.of(1)), pair.client.write(Uint8Array.of(2))])
  t.deepEqual([...((await pair.client.read()) ?? [])], [1])
  t.deepEqual([...((await pair.server.read()) ?? [])], [2])
  await Promise.all([pair.client.close(), pair.server.close()])
}

/** A handshake that fails on our side, by an error of that code. */
async function fails(
  t: ExecutionContext,
  pair: ReturnType<typeof serve>,
  code: TlsError['code'],
): Promise<TlsError> {
  const { client, server } = await shake(pair)
  t.true(client instanceof TlsError)
  if (!(server instanceof TlsError)) throw new Error('It has no error.')
  t.is(server.code, code)
  t.notRegex(String(server), /1234|9999/)
  return server
}

for (const version of versions) {
  const range = { minVersion: version, maxVersion: version }

  onTokens(`tokens/${version}/server`, async (t) => {
    const certificate = await load(`server-${version}`)
    const interaction = new Giving(PIN)
    await works(t, serve(certificate, { ...range, interaction }))
    t.deepEqual(interaction.flags, [PKCS11_USER])
    t.deepEqual(interaction.descriptions, [`the token "server-${version}"`])
    // It is open for as long as somebody has the certificate.
    await works(t, serve(certificate, range))
  })

  onTokens(`tokens/${version}/client`, async (t) => {
    const certificate = await load(`client-${version}`)
    const [near, far] = memoryStreamPair()
    const server = peer.createServerConnection(far, {
      ...range,
      certificate: TlsCertificate.fromPem(forA.certificate + forA.privateKey),
      authenticationMode: 'required',
      acceptCertificate: (_, errors) => errors === 0,
    })
    const interaction = new Giving('9999', PIN)
    const options = { ...range, serverIdentity, certificate, interaction }
    const client = backend.createClientConnection(near, options)
    await works(t, { client, server })
    t.true(server.peerCertificate?.isSame(certificate))
    t.deepEqual(interaction.flags, [PKCS11_USER, PKCS11_USER | RETRY | MANY_TRIES])
  })
}

onTokens('tokens/client/nobody-asked-gives-one', async (t) => {
  const certificate = await load('closed')
  const [near, far] = memoryStreamPair()
  const server = peer.createServerConnection(far, {
    certificate: TlsCertificate.fromPem(forA.certificate + forA.privateKey),
    authenticationMode: 'required',
    acceptCertificate: () => true,
  })
  const client = backend.createClientConnection(near, { serverIdentity, certificate })
  const outcome = await shake({ client, server })
  t.like(outcome.client, noPin)
  t.true(outcome.server instanceof TlsError)
})

onTokens('tokens/client/key-not-touched-unless-it-is-needed', async (t) => {
  const certificate = await load('closed')
  const [near, far] = memoryStreamPair()
  const interaction = new Giving(PIN)
  const server = peer.createServerConnection(far, {
    certificate: TlsCertificate.fromPem(forA.certificate + forA.privateKey),
  })
  const client = backend.createClientConnection(near, { serverIdentity, certificate, interaction })
  await works(t, { client, server })
  t.deepEqual(interaction.flags, [])
})

onTokens('tokens/datagrams', async (t) => {
  const certificate = await load('datagrams')
  const [near, far] = memoryDatagramPair()
  const interaction = new Giving(PIN)
  const server = backend.createDtlsServerConnection(far, { certificate, interaction })
  const client = backend.createDtlsClientConnection(near, { serverIdentity })
  await Promise.all([client.handshake(), server.handshake()])
  t.true(client.peerCertificate?.isSame(certificate))
  t.deepEqual(interaction.flags, [PKCS11_USER])
  await Promise.all([client.close(), server.close()])
})

onTokens('tokens/elliptic-curve', async (t) => {
  const certificate = await load('elliptic')
  for (const version of versions) {
    const range = { minVersion: version, maxVersion: version }
    await works(t, serve(certificate, { ...range, interaction: new Giving(PIN) }))
  }
})

onTokens('tokens/pin/wrong-and-then-right', async (t) => {
  const interaction = new Giving('9999', '8888', PIN)
  await works(t, serve(await load('mistyped'), { interaction }))
  const again = PKCS11_USER | RETRY | MANY_TRIES
  t.deepEqual(interaction.flags, [PKCS11_USER, again, again | FINAL_TRY])
})

onTokens('tokens/pin/always-wrong', async (t) => {
  const certificate = await load('stubborn')
  const interaction = new Giving('9999')
  for (let count = 0; count < 3; count++) {
    const error = await fails(t, serve(certificate, { interaction }), noPin.code)
    t.is(error.message, 'The PIN for the token "stubborn" is wrong.')
  }
  await works(t, serve(certificate, { interaction: new Giving(PIN) }))
})

onTokens('tokens/pin/that-cannot-be-one', async (t) => {
  const interaction = new Giving(`${PIN}\0`, '1'.repeat(300), PIN)
  await works(t, serve(await load('odd'), { interaction }))
  const again = PKCS11_USER | RETRY
  t.deepEqual(interaction.flags, [PKCS11_USER, again, again | FINAL_TRY])
})

onTokens('tokens/pin/nobody-gives-one', async (t) => {
  const certificate = await load('closed')
  for (const interaction of [null, {}, new Giving()]) {
    const error = await fails(t, serve(certificate, { interaction }), noPin.code)
    t.is(error.message, 'A PIN is needed for the token "closed", and nobody gave one.')
  }
})

onTokens('tokens/pin/interaction-fails', async (t) => {
  const failure = new Error('The dialogue was closed.')
  const interaction: TlsInteraction = { askPassword: () => Promise.reject(failure) }
  const { server } = await shake(serve(await load('closed'), { interaction }))
  t.is(server, failure)
})

onTokens('tokens/pin/in-the-uri', async (t) => {
  const uri = `pkcs11:token=written;object=a?pin-value=${PIN}`
  const certificate = await backend.loadPkcs11Certificate(uri)
  await works(t, serve(certificate))
})

onTokens('tokens/pin/abort-while-somebody-is-asked', async (t) => {
  const controller = new AbortController()
  const reason = new Error('no longer')
  const asked: AbortSignal[] = []
  const interaction: TlsInteraction = {
    askPassword: (_, { signal }) => {
      asked.push(signal as AbortSignal)
      controller.abort(reason)
      return new Promise(() => {})
    },
  }
  const { client, server } = serve(await load('slow'), { interaction })
  client.handshake().catch(() => {})
  t.is(await t.throwsAsync(server.handshake({ signal: controller.signal })), reason)
  t.true(asked[0]?.aborted)
  // Whoever comes next is asked.
  const next = new Giving(PIN)
  await works(t, serve(await load('slow'), { interaction: next }))
  t.deepEqual(next.flags, [PKCS11_USER])
})

onTokens('tokens/pin/many-connections-ask-once', async (t) => {
  const certificate = await load('crowded')
  const interaction = new Giving(PIN)
  await Promise.all(Array.from({ length: 5 }, () => works(t, serve(certificate, { interaction }))))
  t.is(interaction.flags.length, 1)
})

onTokens('tokens/pin/for-each-signature', async (t) => {
  const certificate = await load('each')
  const each = PKCS11_USER | PKCS11_CONTEXT_SPECIFIC
  for (const version of versions) {
    const range = { minVersion: version, maxVersion: version }
    const interaction = new Giving(PIN)
    await works(t, serve(certificate, { ...range, interaction }))
    const forSignature = interaction.flags.filter((flags) => flags & PKCS11_CONTEXT_SPECIFIC)
    t.is(forSignature.length, 1)
    t.true(interaction.flags.every((flags) => (flags & ~each) === 0))
  }
  const mistyped = new Giving('9999', PIN)
  await works(t, serve(certificate, { interaction: mistyped }))
  t.truthy((mistyped.flags[1] ?? 0) & RETRY)
  await fails(t, serve(certificate), noPin.code)
})

onTokens('tokens/certificate/in-a-file', async (t) => {
  const { der } = TlsCertificate.fromPem(forA.certificate)
  const privateKeyPkcs11Uri = 'pkcs11:token=file;object=a'
  const certificate = TlsCertificate.fromDerChain([der], { privateKeyPkcs11Uri })
  await works(t, serve(certificate, { interaction: new Giving(PIN) }))
})

onTokens('tokens/certificate/as-it-is-listed', async (t) => {
  const uri = 'pkcs11:model=SoftHSM%20v2;token=named;id=%61;object=a;type=cert'
  const certificate = await backend.loadPkcs11Certificate(uri)
  t.is(certificate.pkcs11Uri, uri)
  await works(t, serve(certificate, { interaction: new Giving(PIN) }))
})

onTokens('tokens/certificate/its-issuers', async (t) => {
  const certificate = await load('issuers')
  const names = certificate.chain().map(({ subjectName }) => subjectName)
  const expected = [ownPem, issuerPem, testCa].map((pem) => TlsCertificate.fromPem(pem).subjectName)
  t.deepEqual(names, expected)
  await works(t, serve(certificate, { interaction: new Giving(PIN) }))
})

onTokens('tokens/certificate/hidden', async (t) => {
  await t.throwsAsync(load('hidden'), noPin)
  const interaction = new Giving(PIN)
  const certificate = await load('hidden', { interaction })
  t.true(certificate.isSame(TlsCertificate.fromPem(forA.certificate)))
  t.deepEqual(interaction.flags, [PKCS11_USER])
})

onTokens('tokens/certificate/missing', async (t) => {
  const message = 'There is no such certificate in a token.'
  const interaction = new Giving(PIN)
  const missing = ['pkcs11:token=nowhere;object=a', 'pkcs11:object=nothing', 'pkcs11:token=nowhere']
  for (const uri of missing) {
    const loading = backend.loadPkcs11Certificate(uri, { interaction })
    await t.throwsAsync(loading, { ...bad, message }, uri)
  }
  t.deepEqual(interaction.flags, [], 'No PIN is asked for that is of no use.')
  const inToken = backend.loadPkcs11Certificate('pkcs11:token=empty;object=a', { interaction })
  await t.throwsAsync(inToken, { ...bad, message })
  t.is(interaction.flags.length, 1)
  const error = await t.throwsAsync(backend.loadPkcs11Certificate('pkcs11:secret'), bad)
  t.notRegex(String(error), /secret/)
})

onTokens('tokens/key/missing', async (t) => {
  for (const privateKeyPkcs11Uri of ['pkcs11:token=nowhere;object=a', 'pkcs11:token=file']) {
    const certificate = await load('named', { privateKeyPkcs11Uri })
    const error = await fails(t, serve(certificate, { interaction: new Giving(PIN) }), bad.code)
    t.is(error.message, 'There is no such private key in a token.')
  }
})

onTokens('tokens/key/of-another-certificate', async (t) => {
  const certificate = await load('mixed')
  const error = await fails(t, serve(certificate, { interaction: new Giving(PIN) }), bad.code)
  t.regex(
    error.message,
    /^The private key in the token is not that of TlsCertificate\(CN=server\)\.$/,
  )
})

onTokens('tokens/module/missing', async (t) => {
  const other = createGnutlsBackend({ pkcs11Modules: ['/nowhere/module.so'] })
  const loading = other.loadPkcs11Certificate('pkcs11:token=named;object=a')
  const message = /^GnuTLS cannot load the PKCS #11 module \/nowhere\/module\.so: /
  await t.throwsAsync(loading, { code: 'TLS_MISC', message })
})

onTokens('tokens/module/those-of-the-system-too-late', async (t) => {
  await load('named')
  for (const library of [undefined, openGnutls().library.path]) {
    const loading = createGnutlsBackend({ library }).loadPkcs11Certificate('pkcs11:token=named')
    const message = /^GnuTLS cannot load the PKCS #11 modules of the system any more: /
    await t.throwsAsync(loading, { code: 'TLS_MISC', message })
  }
})
