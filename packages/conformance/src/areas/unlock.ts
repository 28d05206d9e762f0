import { TlsCertificate, type TlsPassword, TlsPasswordFlags, type UnlockOptions } from '@tlsio/core'
import { equal, ok, rejects, sameList } from '../assertions.js'
import type { ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { encryptedKey, forA, pkcs12, pkcs12EmptyPassword } from '../fixtures/fixtures.js'
import { bytesFromBase64, certificateOf } from '../fixtures/load.js'

const { NONE, RETRY, MANY_TRIES, FINAL_TRY } = TlsPasswordFlags

const source = 'GIO g_tls_interaction_ask_password(), of who opens what is encrypted'
const wrong = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }

/** Two things that are opened by `secret`. */
const locked: readonly (readonly [
  title: string,
  open: (options: UnlockOptions) => Promise<TlsCertificate>,
])[] = [
  [
    'encrypted-pem',
    (options) => TlsCertificate.fromEncryptedPem(forA.certificate + encryptedKey, options),
  ],
  ['pkcs12', (options) => TlsCertificate.fromPkcs12(bytesFromBase64(pkcs12), options)],
]

/** Gives these passwords, one after the other, and keeps what it was asked. */
class Person {
  readonly flags: number[] = []
  readonly descriptions: string[] = []
  readonly #passwords: string[]

  constructor(...passwords: readonly string[]) {
    this.#passwords = [...passwords]
  }

  async askPassword(password: TlsPassword): Promise<'handled' | 'unhandled'> {
    this.flags.push(password.flags)
    this.descriptions.push(password.description)
    const given = this.#passwords.shift()
    if (given === undefined) return 'unhandled'
    password.setValue(given)
    return 'handled'
  }
}

/** What is encrypted, and opened with the help of an interaction: part of the area `interaction`. */
export const unlocking: readonly ConformanceCase[] = [
  ...locked.flatMap(([title, open]): ConformanceCase[] => [
    {
      title: `${title}/asked-when-it-is-needed`,
      source,
      async run() {
        const person = new Person('secret')
        const certificate = await open({ interaction: person })
        ok(certificate.isSame(certificateOf(forA)), 'it is the certificate')
        ok(certificate.hasPrivateKey, 'its key is there')
        sameList(person.flags, [NONE], 'The flags')
        ok(person.descriptions[0] !== '', 'it says what for')
      },
    },
    {
      title: `${title}/not-asked-with-a-password`,
      source,
      async run() {
        const person = new Person('secret')
        await open({ password: 'secret', interaction: person })
        await rejects(open({ password: 'other', interaction: person }), wrong, 'A wrong one')
        equal(person.flags.length, 0, 'How often it was asked')
      },
    },
    {
      title: `${title}/asked-again-when-wrong`,
      source: `${source}; GTlsPasswordFlags`,
      async run() {
        const person = new Person('', 'Secret', 'secret')
        ok((await open({ interaction: person })).hasPrivateKey, 'its key is there')
        const last = RETRY | MANY_TRIES | FINAL_TRY
        sameList(person.flags, [NONE, RETRY | MANY_TRIES, last], 'The flags')
        const other = new Person('a', 'b', 'c', 'secret')
        await rejects(open({ interaction: other }), wrong, 'Three wrong ones')
        equal(other.flags.length, 3, 'How often it was asked')
      },
    },
    {
      title: `${title}/nobody-gives-one`,
      source: 'GIO G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD',
      async run() {
        for (const interaction of [new Person(), {}, null]) {
          await rejects(open({ interaction }), wrong, 'Asking nobody')
        }
      },
    },
    {
      title: `${title}/failed-or-cancelled`,
      source: 'GIO G_TLS_INTERACTION_FAILED',
      async run() {
        const failure = new Error('The dialogue has no window.')
        const failing = { askPassword: () => Promise.reject(failure) }
        await rejects(open({ interaction: failing }), { value: failure }, 'A failure')
        const controller = new AbortController()
        const reason = new Error('No longer wanted.')
        const interaction = {
          askPassword() {
            controller.abort(reason)
            return new Promise<never>(() => {})
          },
        }
        const opening = open({ interaction, signal: controller.signal })
        await deadline(rejects(opening, { value: reason }, 'An abort'), 'The end of asking')
      },
    },
  ]),
  {
    title: 'not-asked-without-need',
    source,
    async run() {
      const interaction = new Person('secret')
      const text = forA.certificate + forA.privateKey
      const open = await TlsCertificate.fromEncryptedPem(text, { interaction })
      ok(open.hasPrivateKey, 'a key that is not encrypted is there')
      const container = bytesFromBase64(pkcs12EmptyPassword)
      const empty = await TlsCertificate.fromPkcs12(container, { interaction })
      ok(empty.hasPrivateKey, 'the key of a container with an empty password is there')
      equal(interaction.flags.length, 0, 'How often it was asked')
    },
  },
  {
    title: 'not-asked-about-what-is-damaged',
    source,
    async run() {
      const interaction = new Person('secret')
      const damaged = bytesFromBase64(pkcs12).subarray(0, 100)
      const opening = TlsCertificate.fromPkcs12(damaged, { interaction })
      await rejects(opening, { code: 'TLS_BAD_CERTIFICATE' }, 'A damaged container')
      equal(interaction.flags.length, 0, 'How often it was asked')
      const wrongOne = TlsCertificate.fromPkcs12(damaged, { interaction: 'ask' as never })
      await rejects(wrongOne, { name: 'TypeError' }, 'A text for an interaction')
    },
  },
]
