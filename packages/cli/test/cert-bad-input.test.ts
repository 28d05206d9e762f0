// Whatever is in a file: a verdict or a sentence, and nothing that controls a terminal.
import { testCa, viaIntermediate } from '@tlsio/conformance/fixtures'
import { TlsCertificate } from '@tlsio/core'
import test from 'ava'
import { type Ended, folderWith, run } from './support.js'

const der = TlsCertificate.fromPem(viaIntermediate.certificate).der

test('cert/bad-input/der-cut-at-every-byte', async (t) => {
  const path = await folderWith(t, { 'ca.pem': testCa })
  const words = ['cert', '-', '--ca', path('ca.pem')]
  for (let length = 1; length < der.length; length++) {
    const { status, stdout, stderr } = await run(words, { stdin: der.slice(0, length) })
    t.is(status, 2, `${length} bytes`)
    t.is(stdout, '')
    t.is(stderr, NOT_A_CERTIFICATE)
  }
})

test('cert/bad-input/a-bit-flipped-in-every-byte', async (t) => {
  const path = await folderWith(t, { 'ca.pem': testCa })
  const words = ['cert', '-', '--ca', path('ca.pem'), '--all', '--name', 'a.test']
  const statuses = new Map<number | null, number>()
  for (const at of der.keys()) {
    const stdin = Uint8Array.from(der)
    stdin[at] = (stdin[at] as number) ^ (1 << (at % 8))
    const ended = await run(words, { stdin })
    statuses.set(ended.status, (statuses.get(ended.status) ?? 0) + 1)
    expectDecent(ended, `byte ${at}`)
  }
  t.deepEqual([...statuses.keys()].sort(), [1, 2])

  function expectDecent({ status, stdout, stderr }: Ended, what: string): void {
    t.notRegex(stdout + stderr, /[^\P{C}\n]/u, what)
    if (status === 2) t.true(refusals.includes(stderr), `${what}: ${stderr}`)
    else t.regex(stdout, /^Does not verify: .*\n {3}- /m, what)
  }
})

const NOT_A_CERTIFICATE =
  'tlsio: Standard input cannot be used: it is neither PEM nor one certificate in DER.\n'
const refusals = [
  NOT_A_CERTIFICATE,
  'tlsio: Standard input cannot be used: it is neither PEM nor DER.\n',
]
