import { forA } from '@tlsio/conformance/fixtures'
import { TlsCertificate, TlsError, TlsPasswordFlags } from '@tlsio/core'
import type { GivenPin, TokenOutcome } from '@tlsio/core/backend'
import test from 'ava'
import type { AskedPin, Callee } from '#src/ffi/callbacks.js'
import { Code, PinFlag } from '#src/ffi/constants.js'
import type { Gnutls } from '#src/gnutls.js'
import { GnutlsError } from '#src/tls-errors.js'
import { Tokens } from '#src/tokens.js'

const { PKCS11_USER, RETRY } = TlsPasswordFlags
const token = 'pkcs11:token=mine'
const asked: AskedPin = { token, label: 'mine', flags: PinFlag.USER, most: 255 }
const wrong = { wants: { token, label: 'mine', flags: PKCS11_USER | RETRY } }
const wanted = { wants: { token, label: 'mine', flags: PKCS11_USER } }

const certificate = TlsCertificate.fromDerChain([TlsCertificate.fromPem(forA.certificate).der], {
  privateKeyPkcs11Uri: 'pkcs11:token=mine;object=a',
})

/** The outcome of a signature with that PIN, in a token that signs so: a code of libgnutls. */
async function outcomeOf(
  sign: (ask: (again?: number) => boolean) => number,
  pin?: string,
): Promise<TokenOutcome<unknown>> {
  let running: Callee | undefined
  const ask = (flags = 0) => running?.pin({ ...asked, flags: asked.flags | flags }) !== undefined
  const gnutls = {
    callbacks: {
      during(callee: Callee, call: () => number) {
        running = callee
        return call()
      },
    },
    memory: {
      owned: (call: (made: BigUint64Array) => number) =>
        call(new BigUint64Array(2)) < 0 ? undefined : new Uint8Array(),
      withDatum: (_: Uint8Array, call: (datum: bigint) => unknown) => call(1n),
    },
    handle: () => 1n,
    error: (code: number) => new GnutlsError(code, `GNUTLS_E_${code}`, 'It has failed.'),
    library: {
      tokenFunctions: {
        sign_get_id: () => 1,
        privkey_sign_data2: () => sign(ask),
        pubkey_init: () => 0,
        pubkey_import_x509_raw: () => 0,
        pubkey_verify_data2: () => 0,
        pubkey_deinit: () => {},
      },
    },
  } as unknown as Gnutls
  const value = pin === undefined ? undefined : new TextEncoder().encode(pin)
  const given: GivenPin | undefined = value && { token, value }
  let outcome: TokenOutcome<unknown> | undefined
  await new Tokens(gnutls).pinForSignature(certificate, 1n, async (uri, open) => {
    const opened = await open(uri, given)
    outcome = opened
    return 'opened' in opened ? opened.opened : (undefined as never)
  })
  if (outcome === undefined) throw new Error('Nothing was opened.')
  return outcome
}

test('token-signatures/right', async (t) => {
  const value = new TextEncoder().encode('1234')
  t.deepEqual(await outcomeOf((ask) => (ask() ? 0 : -1), '1234'), { opened: { token, value } })
})

test('token-signatures/none-yet', async (t) => {
  t.deepEqual(await outcomeOf((ask) => (ask() ? 0 : Code.PKCS11_USER_ERROR)), wanted)
})

test('token-signatures/wrong', async (t) => {
  const sign = (ask: (again?: number) => boolean) => {
    ask()
    ask(PinFlag.WRONG)
    return Code.PKCS11_USER_ERROR
  }
  t.deepEqual(await outcomeOf(sign, '9999'), wrong)
})

// For a length out of range: the token is not asked to say it again.
for (const code of [Code.PKCS11_PIN_ERROR, Code.PKCS11_USER_ERROR]) {
  test(`token-signatures/refused-without-a-question/${code}`, async (t) => {
    const sign = (ask: () => boolean) => (ask() ? code : 0)
    t.deepEqual(await outcomeOf(sign, '9'), wrong)
  })
}

const failures = [
  ['locked', Code.PKCS11_PIN_LOCKED, 'TLS_BAD_CERTIFICATE_PASSWORD'],
  ['expired', Code.PKCS11_PIN_EXPIRED, 'TLS_BAD_CERTIFICATE_PASSWORD'],
  ['device', Code.PKCS11_DEVICE_ERROR, 'TLS_BAD_CERTIFICATE'],
] as const

for (const [title, result, code] of failures) {
  test(`token-signatures/failed/${title}`, async (t) => {
    for (const pin of [undefined, '1234']) {
      const signing = outcomeOf((ask) => (pin === undefined || ask() ? result : 0), pin)
      const error = await t.throwsAsync(signing, { instanceOf: TlsError, code })
      t.notRegex(String(error), /1234/)
    }
  })
}

test('token-signatures/of-a-kind-that-the-token-has-not', async (t) => {
  const outcome = await outcomeOf(() => Code.PKCS11_UNSUPPORTED_FEATURE_ERROR)
  t.true('opened' in outcome)
})
