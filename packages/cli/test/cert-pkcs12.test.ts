import * as fixtures from '@tlsio/conformance/fixtures'
import { type TlsInteraction, TlsPasswordFlags } from '@tlsio/core'
import test from 'ava'
import { folderWith, run } from './support.js'

const container = Buffer.from(fixtures.pkcs12Chain, 'base64')

test('cert/pkcs12/asks-for-the-password', async (t) => {
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa, 'chain.p12': container })
  const asked: number[] = []
  const interaction: TlsInteraction = {
    async askPassword(password) {
      asked.push(password.flags)
      password.setValue(asked.length === 1 ? 'wrong' : 'secret')
      return 'handled'
    },
  }
  const words = ['cert', path('chain.p12'), '--ca', path('ca.pem'), '--name', 'a.test']
  const { status, stdout, stderr } = await run(words, { interaction })
  t.is(stderr, '')
  t.is(status, 0)
  t.deepEqual(asked, [TlsPasswordFlags.NONE, TlsPasswordFlags.RETRY | TlsPasswordFlags.MANY_TRIES])
  t.true(stdout.startsWith(`${path('chain.p12')}: 3 certificates, PKCS #12\n`))
  t.deepEqual(stdout.match(/^\d {2}.*$/gm), [
    '1  CN=server',
    '2  CN=Test Intermediate CA',
    '3  CN=Test CA',
  ])
  t.false(stdout.includes('not in the file'))
})

test('cert/pkcs12/password-of-a-file-and-container-of-standard-input', async (t) => {
  const path = await folderWith(t, {
    'ca.pem': fixtures.testCa,
    password: 'secret\r\nnot this\n',
    bare: 'secret',
    wrong: 'secrets\n',
  })
  const words = ['cert', '-', '--ca', path('ca.pem'), '--password-file']
  for (const name of ['password', 'bare']) {
    t.is((await run([...words, path(name)], { stdin: container })).status, 0, name)
  }
  const { status, stdout, stderr } = await run([...words, path('wrong')], { stdin: container })
  t.is(status, 2)
  t.is(stdout, '')
  t.regex(stderr, /^tlsio: Standard input cannot be used: .*password.*[^.]\.\n$/)
  t.notRegex(stderr, /secret/)
})

test('cert/pkcs12/an-empty-password-is-not-asked-for', async (t) => {
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const interaction: TlsInteraction = {
    askPassword: () => Promise.reject(new Error('Nobody should ask.')),
  }
  const stdin = Buffer.from(fixtures.pkcs12EmptyPassword, 'base64')
  const { status } = await run(['cert', '-', '--ca', path('ca.pem')], { stdin, interaction })
  t.is(status, 0)
})

test('cert/pkcs12/nobody-to-ask', async (t) => {
  const { status, stderr } = await run(['cert', '-'], { stdin: container })
  t.is(status, 2)
  t.regex(stderr, /^tlsio: Standard input cannot be used: A password is needed/)
})

test('cert/pkcs12/without-a-key', async (t) => {
  const path = await folderWith(t, { password: 'secret' })
  const { status, stderr } = await run(['cert', '-', '--password-file', path('password')], {
    stdin: Buffer.from(fixtures.pkcs12WithoutKey, 'base64'),
  })
  t.is(status, 2)
  t.regex(stderr, /^tlsio: Standard input cannot be used: .*private key.*\n$/)
})
