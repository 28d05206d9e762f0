import { TlsCertificate, TlsError } from '@tlsio/core'
import test from 'ava'
import fc from 'fast-check'
import { make } from '../path-validation/support/certificate-maker.js'
import { play } from '../support/play.js'
import { container, encryptedKey } from './support/container-maker.js'
import { indefinite, sequence, tlv } from './support/der.js'
import { legacyContainer } from './support/legacy-container.js'

// Whatever is given, the outcome is a certificate whose every member can be asked for, or one of two
// errors, and soon.

const ca = make({ ca: true, name: 'ca' })
const leaf = make({
  issuer: ca,
  names: [{ dNSName: 'a.test' }, { iPAddress: '192.0.2.1' }, { rfc822Name: 'me@a.test' }],
})
const key = leaf.keys.privateKey.export({ format: 'der', type: 'pkcs8' })
const password = 'secret'
const protection = { password, iterations: 1 }
const pem = [
  toPem('CERTIFICATE', leaf.der),
  toPem('PRIVATE KEY', key),
  toPem('CERTIFICATE', ca.der),
].join('')
const encryptedPem = [
  toPem('ENCRYPTED PRIVATE KEY', encryptedKey(key, protection)),
  toPem('CERTIFICATE', leaf.der),
].join('')
const inOpen = container({ certificates: [leaf.der, ca.der], keys: [key] })
const inBer = container({ certificates: [leaf.der, ca.der], keys: [key], indefinite: true })
const locked = container({
  certificates: [leaf.der, ca.der],
  keys: [key],
  encryption: protection,
  mac: protection,
})
const lockedWithoutMac = container({
  certificates: [leaf.der],
  keys: [key],
  encryption: protection,
})

type Outcome = readonly TlsCertificate[] | TlsCertificate
type Reader = (bytes: Uint8Array) => Outcome | Promise<Outcome>

const readers = {
  der: (bytes) => TlsCertificate.fromDerChain([bytes]),
  chain: (bytes) => TlsCertificate.fromDerChain([leaf.der, bytes]),
  pem: (bytes) => TlsCertificate.fromPem(latin1(bytes)),
  list: (bytes) => TlsCertificate.listFromPem(latin1(bytes)),
  encrypted: (bytes) => TlsCertificate.fromEncryptedPem(bytes, { password }),
  container: (bytes) => TlsCertificate.fromPkcs12(bytes, { password }),
  open: (bytes) => TlsCertificate.fromPkcs12(bytes),
} satisfies Record<string, Reader>
type ReaderName = keyof typeof readers

/** Each way to read, with what it reads. */
const inputs: readonly { readonly by: ReaderName; readonly bytes: Uint8Array }[] = [
  { by: 'der', bytes: leaf.der },
  { by: 'chain', bytes: ca.der },
  { by: 'pem', bytes: Buffer.from(pem) },
  { by: 'list', bytes: Buffer.from(pem) },
  { by: 'encrypted', bytes: Buffer.from(encryptedPem) },
  { by: 'container', bytes: locked },
  { by: 'container', bytes: lockedWithoutMac },
  { by: 'container', bytes: legacyContainer },
  { by: 'open', bytes: inOpen },
  { by: 'open', bytes: inBer },
]

/** What was seen over all tests; they run one after another. */
const seen = { inputs: 0, certificates: 0, slowest: 0, of: '', most: 0 }

test.serial('certificate-input/fuzz/as-they-are', async (t) => {
  for (const { by, bytes } of inputs) t.is(await attempt(by, bytes), 'read', by)
})

test.serial('certificate-input/fuzz/cut-at-every-byte', async (t) => {
  t.timeout(LIMIT)
  for (const { by, bytes } of inputs) {
    for (let length = 0; length < bytes.length; length++) {
      await attempt(by, bytes.subarray(0, length))
      await attempt(by, bytes.subarray(bytes.length - length))
    }
  }
  t.pass()
})

test.serial('certificate-input/fuzz/every-bit-flipped', async (t) => {
  t.timeout(LIMIT)
  for (const { by, bytes } of inputs) {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice()
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      await attempt(by, changed)
    }
  }
  t.pass()
})

test.serial('certificate-input/fuzz/huge-lengths', async (t) => {
  t.timeout(LIMIT)
  const lengths = [[0x80], [0xff], [0x84, 0xff, 0xff, 0xff, 0xff], [0x83, 0x7f, 0xff, 0xff], [0x88]]
  const binary = inputs.filter(({ by }) => !['pem', 'list', 'encrypted'].includes(by))
  for (const { by, bytes } of binary) {
    for (let at = 1; at < bytes.length; at++) {
      for (const length of lengths) {
        await attempt(
          by,
          Buffer.concat([bytes.subarray(0, at), Uint8Array.from(length), bytes.subarray(at + 1)]),
        )
      }
    }
  }
  t.pass()
})

test.serial('certificate-input/fuzz/deep-nesting', async (t) => {
  t.timeout(LIMIT)
  for (const depth of [10, 50, 100, 101, 1000, 10_000, 100_000]) {
    for (const tag of [0x30, 0x31, 0x24, 0x04, 0xa0, 0x03]) {
      for (const nested of [nest(tag, depth), nestIndefinitely(tag, depth)]) {
        await attemptEverywhere(nested)
      }
    }
  }
  for (let nested = 0; nested < 40; nested++) {
    await attempt('open', container({ certificates: [leaf.der], keys: [key], nested }))
  }
  t.pass()
})

test.serial('certificate-input/fuzz/repeated', async (t) => {
  t.timeout(LIMIT)
  const certificate = toPem('CERTIFICATE', leaf.der)
  const pieces = [
    certificate,
    toPem('PRIVATE KEY', key),
    toPem('CERTIFICATE', new Uint8Array(0)),
    '-----BEGIN CERTIFICATE-----',
    '-----END CERTIFICATE-----',
    '-----BEGIN CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN A-----',
    '-----BEGIN ',
    '-----',
    '-----BEGIN PRIVATE KEY',
    'PRIVATE KEY',
    ' ',
    '\n',
    'A',
    '\0',
  ]
  for (const piece of pieces) {
    for (const times of [2, 100, 100_000]) {
      const text = piece.repeat(Math.min(times, Math.ceil(1_000_000 / piece.length)))
      for (const by of ['pem', 'list', 'encrypted'] as const) {
        await attempt(by, Buffer.from(text))
        await attempt(by, Buffer.from(`-----BEGIN ${text}`))
        await attempt(by, Buffer.from(certificate + text + certificate))
      }
    }
  }
  const many = (length: number) => Array.from({ length }, () => leaf.der)
  for (const count of [2, 100, 400, 600, 3000]) {
    await attempt('open', container({ certificates: many(count), keys: [key] }))
    const keys = Array.from({ length: count }, () => key)
    await attempt('open', container({ certificates: [ca.der], keys }))
  }
  t.pass()
})

test.serial('certificate-input/fuzz/absurd-work', async (t) => {
  const text = (absurd: typeof protection) =>
    Buffer.from(toPem('ENCRYPTED PRIVATE KEY', encryptedKey(key, absurd)) + pem)
  for (const iterations of [0, 6_000_001, 0x7fffffff, 2 ** 48]) {
    const absurd = { password, iterations }
    const contents = { certificates: [leaf.der], keys: [key] }
    // Whoever does the work finds that the password is wrong: these were made with less.
    const outcomes = [
      await attempt('container', container({ ...contents, encryption: absurd })),
      await attempt('container', container({ ...contents, mac: absurd })),
      await attempt('encrypted', text(absurd)),
    ]
    t.deepEqual(new Set(outcomes), new Set(['TLS_BAD_CERTIFICATE']), `${iterations} iterations`)
  }
})

interface Splice {
  readonly from: number
  readonly to: number
  readonly length: number
  readonly by: number
}

const splices = fc.record({
  input: fc.nat(inputs.length - 1),
  changes: fc.array(
    fc.record({
      from: fc.nat(5000),
      to: fc.nat(5000),
      length: fc.nat(200),
      by: fc.nat(inputs.length - 1),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

test.serial('certificate-input/fuzz/spliced', async (t) => {
  const property = fc.asyncProperty(splices, async ({ input, changes }) => {
    const { by, bytes } = inputs[input] as (typeof inputs)[number]
    await attempt(by, changes.reduce(spliced, bytes))
  })
  await play(t, property, 50_000)
})

const edit = fc.record({
  at: fc.nat(5000),
  remove: fc.nat(3),
  insert: fc.array(
    fc.oneof(
      fc.nat(255),
      fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa3),
    ),
    { maxLength: 3 },
  ),
})
const edits = fc.record({
  input: fc.nat(inputs.length - 1),
  changes: fc.array(edit, { minLength: 1, maxLength: 4 }),
})

test.serial('certificate-input/fuzz/edited', async (t) => {
  const property = fc.asyncProperty(edits, async ({ input, changes }) => {
    const { by, bytes } = inputs[input] as (typeof inputs)[number]
    const result = [...bytes]
    // What keeps the length gets further.
    for (const { at, insert } of changes) {
      result.splice(at % result.length, insert.length, ...insert)
    }
    await attempt(by, Uint8Array.from(result))
  })
  await play(t, property, 50_000)
})

test.serial('certificate-input/fuzz/all-of-them', (t) => {
  const { inputs, certificates, slowest, of, most } = seen
  t.log(`${inputs} inputs, ${certificates} of them read; slowest: ${slowest | 0} ms, ${of}`)
  t.log(`at most ${most >> 20} MiB of memory after a large one`)
  if (process.env.TLSIO_FUZZ_RUNS === undefined) t.true(inputs >= 100_000)
  t.true(certificates > 1000, 'some get through to the getters')
})

async function attempt(by: ReaderName, bytes: Uint8Array): Promise<string> {
  const started = performance.now()
  let outcome = 'read'
  try {
    const result = await readers[by](bytes)
    for (const one of [result].flat() as TlsCertificate[]) {
      for (const link of one.chain()) askEverything(link)
    }
    seen.certificates++
  } catch (error) {
    const isExpected =
      error instanceof TlsError &&
      ['TLS_BAD_CERTIFICATE', 'TLS_BAD_CERTIFICATE_PASSWORD'].includes(error.code)
    if (!isExpected) throw failure(by, bytes, error)
    if (error.message.includes(password)) throw failure(by, bytes, error)
    outcome = error.code
  }
  seen.inputs++
  if (bytes.length > LARGE) {
    const { heapUsed, external } = process.memoryUsage()
    seen.most = Math.max(seen.most, heapUsed + external)
    if (seen.most > MOST_MEMORY) throw failure(by, bytes, new Error(`It took ${seen.most} bytes.`))
  }
  const took = performance.now() - started
  if (took > seen.slowest) {
    seen.slowest = took
    seen.of = `${by}, ${bytes.length} bytes`
  }
  // Far more than any takes on a slow machine, far less than work without bounds would.
  if (took > LONGEST) throw failure(by, bytes, new Error(`It took ${took} ms.`))
  return outcome
}

/** As any part of anything, where a depth could matter. */
async function attemptEverywhere(nested: Uint8Array): Promise<void> {
  await attempt('der', nested)
  await attempt('der', sequence(nested, nested))
  await attempt('chain', sequence(sequence(nested)))
  const text = toPem('CERTIFICATE', nested)
  await attempt('pem', Buffer.from(text))
  await attempt('list', Buffer.from(text))
  await attempt('encrypted', Buffer.from(toPem('ENCRYPTED PRIVATE KEY', nested) + pem))
  await attempt('open', nested)
  await attempt('open', container({ certificates: [nested], keys: [nested] }))
  await attempt('container', sequence(Uint8Array.of(2, 1, 3), nested))
}

function askEverything(certificate: TlsCertificate): void {
  for (const name of getters) Reflect.get(certificate, name)
  certificate.toString()
  JSON.stringify(certificate)
  certificate.notBefore.toISOString()
  certificate.notAfter.toISOString()
  certificate.isSame(certificate)
}

const getters = Object.entries(Object.getOwnPropertyDescriptors(TlsCertificate.prototype))
  .filter(([, { get }]) => get !== undefined)
  .map(([name]) => name)

function failure(by: ReaderName, bytes: Uint8Array, cause: unknown): Error {
  const shown = Buffer.from(bytes.subarray(0, 4000)).toString('base64')
  const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return new Error(`${by} of ${bytes.length} bytes, ${shown}: ${reason}`, { cause })
}

function spliced(bytes: Uint8Array, { from, to, length, by }: Splice): Uint8Array {
  const { bytes: other } = inputs[by] as (typeof inputs)[number]
  const start = from % other.length
  const at = to % (bytes.length + 1)
  return Buffer.concat([
    bytes.subarray(0, at),
    other.subarray(start, start + length),
    bytes.subarray(from % 2 === 0 ? at : at + length),
  ])
}

/** From the inside out, in one buffer: each level would be a copy otherwise. */
function nest(tag: number, depth: number): Uint8Array {
  const buffer = Buffer.alloc(depth * 6 + 2)
  let at = buffer.length - 2
  buffer.set([5, 0], at)
  for (let level = 0; level < depth; level++) {
    const unused = tag === 0x03 ? [0] : []
    const header = tlv(tag, Buffer.alloc(0))
    const length = buffer.length - at + unused.length
    const bytes =
      length < 0x80 ? [length] : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
    at -= 1 + bytes.length + unused.length
    buffer.set([header[0] as number, ...bytes, ...unused], at)
  }
  return buffer.subarray(at)
}

function nestIndefinitely(tag: number, depth: number): Uint8Array {
  const level = indefinite(tag | 0x20).subarray(0, 2)
  return Buffer.concat([
    ...Array.from({ length: depth }, () => level),
    Uint8Array.of(5, 0),
    Buffer.alloc(depth * 2),
  ])
}

function toPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** In milliseconds, of one test and of one input. */
const LIMIT = 300_000
const LONGEST = 20_000
/** In bytes: from where an input could take much memory, and how much none may leave behind. */
const LARGE = 10_000
const MOST_MEMORY = 1 << 30
