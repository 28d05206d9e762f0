import { TlsPassword, TlsPasswordFlags } from '@tlsio/core'
import { equal, ok, sameList, throws } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'

const { NONE, RETRY, MANY_TRIES, FINAL_TRY, PKCS11_USER } = TlsPasswordFlags

const cases: readonly ConformanceCase[] = [
  {
    title: 'new',
    source: 'GIO g_tls_password_new()',
    async run() {
      const bare = new TlsPassword()
      equal(bare.flags, NONE, 'Its flags')
      equal(bare.description, '', 'Its description')
      equal(bare.value, null, 'Its value')
      const flags = RETRY | PKCS11_USER
      const password = new TlsPassword({ flags, description: 'a key' })
      equal(password.flags, flags, 'The flags given')
      equal(password.description, 'a key', 'The description given')
    },
  },
  {
    title: 'flags',
    source: 'GIO GTlsPasswordFlags; g_tls_password_set_flags()',
    async run() {
      const bits = Object.values(TlsPasswordFlags).filter((bit) => bit !== NONE)
      sameList(bits, [2, 4, 8, 16, 32, 64], 'The bits')
      const password = new TlsPassword()
      password.flags = MANY_TRIES
      equal(password.flags, MANY_TRIES, 'The flags set')
      throws(() => Object.assign(password, { flags: 1 }), { name: 'RangeError' }, 'No flag')
      throws(() => Object.assign(password, { flags: '2' }), { name: 'TypeError' }, 'A text')
      equal(password.flags, MANY_TRIES, 'The flags after that')
    },
  },
  {
    title: 'description',
    source: 'GIO g_tls_password_set_description()',
    async run() {
      const password = new TlsPassword({ description: 'a key' })
      password.description = 'another key'
      equal(password.description, 'another key', 'The description set')
    },
  },
  {
    title: 'changes-are-told',
    source: 'GIO GTlsPassword: flags, description and warning notify when they are set',
    async run() {
      const password = new TlsPassword()
      const told: string[] = []
      for (const name of ['flags', 'description', 'warning']) {
        password.addEventListener(`change:${name}`, ({ type }) => told.push(type))
      }
      password.flags = RETRY
      password.description = 'a key'
      password.warning = 'careful'
      password.setValue('secret')
      sameList(told, ['change:flags', 'change:description', 'change:warning'], 'The events')
    },
  },
  {
    title: 'warning/by-the-flags',
    source: 'GIO g_tls_password_get_warning(): FINAL_TRY before MANY_TRIES before RETRY, else none',
    async run() {
      const password = new TlsPassword()
      const warningFor = (flags: number) => {
        password.flags = flags
        return password.warning
      }
      equal(warningFor(NONE), null, 'Without flags')
      equal(warningFor(PKCS11_USER), null, 'For a PIN')
      const texts = [RETRY, MANY_TRIES, FINAL_TRY].map(warningFor)
      ok(
        texts.every((text) => typeof text === 'string' && text !== ''),
        'each flag has a text',
      )
      equal(new Set(texts).size, 3, 'How many texts there are')
      equal(warningFor(RETRY | MANY_TRIES), texts[1] ?? null, 'RETRY and MANY_TRIES')
      equal(warningFor(RETRY | MANY_TRIES | FINAL_TRY), texts[2] ?? null, 'All three')
    },
  },
  {
    title: 'warning/as-set',
    source: 'GIO g_tls_password_set_warning()',
    async run() {
      const password = new TlsPassword({ flags: RETRY })
      const usual = password.warning
      password.warning = 'careful'
      equal(password.warning, 'careful', 'The warning set')
      password.flags = FINAL_TRY
      equal(password.warning, 'careful', 'The warning set, with other flags')
      password.flags = RETRY
      password.warning = null
      equal(password.warning, usual, 'The warning that was taken back')
    },
  },
  {
    title: 'warning/overridden',
    source: 'GIO GTlsPasswordClass.get_default_warning',
    async run() {
      class Translated extends TlsPassword {
        override defaultWarning(): string | null {
          return this.flags === NONE ? null : 'falsch'
        }
      }
      const password = new Translated({ flags: RETRY })
      equal(password.warning, 'falsch', 'The warning')
      password.warning = 'careful'
      equal(password.warning, 'careful', 'The warning set')
    },
  },
  {
    title: 'value/bytes-are-copied',
    source: 'GIO g_tls_password_set_value()',
    async run() {
      const given = Uint8Array.of(1, 2, 3)
      const password = new TlsPassword()
      password.setValue(given)
      given.fill(9)
      sameList(password.value ?? [], [1, 2, 3], 'Its value')
      throws(() => password.setValue(5 as never), { name: 'TypeError' }, 'A number')
      sameList(password.value ?? [], [1, 2, 3], 'Its value after that')
    },
  },
  {
    title: 'value/zeros-are-kept',
    source: 'GIO g_tls_password_set_value(): a length, and no end at a zero',
    async run() {
      const password = new TlsPassword()
      password.setValue(Uint8Array.of(0, 1, 0, 2, 0))
      sameList(password.value ?? [], [0, 1, 0, 2, 0], 'The bytes')
      password.setValue('a\0b')
      sameList(password.value ?? [], [97, 0, 98], 'The text')
      password.setValue(new Uint8Array(0))
      equal(password.value?.length, 0, 'The length of an empty one, which is not none')
    },
  },
  {
    title: 'value/text-is-utf-8',
    source: 'GIO g_tls_password_set_value()',
    async run() {
      const password = new TlsPassword()
      password.setValue('pä€\u{1f511}')
      sameList(password.value ?? [], bytesOf('pä€\u{1f511}'), 'Its value')
    },
  },
  {
    title: 'value/former-one-is-erased',
    source: 'GIO g_tls_password_set_value_full(): releases the former value',
    async run() {
      const password = new TlsPassword()
      password.setValue('first')
      const first = password.value ?? new Uint8Array(0)
      equal(first.length, 5, 'The length of the first')
      password.setValue('second')
      sameList(first, [0, 0, 0, 0, 0], 'The first')
      sameList(password.value ?? [], bytesOf('second'), 'The second')
    },
  },
  {
    title: 'value/cleared',
    source: 'TlsPassword.clear(): fills with zeros',
    async run() {
      const password = new TlsPassword()
      password.clear()
      password.setValue('first')
      const first = password.value ?? new Uint8Array(0)
      password.clear()
      equal(password.value, null, 'Its value')
      equal(first.length, 5, 'The length of the former one')
      sameList(first, [0, 0, 0, 0, 0], 'The former one')
    },
  },
  {
    title: 'value/kept-elsewhere',
    source: 'GIO GTlsPasswordClass.get_value, set_value',
    async run() {
      let ring: Uint8Array | null = null
      class InKeyRing extends TlsPassword {
        override get value(): Uint8Array | null {
          return ring
        }

        override setValue(value: Uint8Array | string): void {
          ring = typeof value === 'string' ? bytesOf(value) : value.slice()
        }

        override clear(): void {
          ring = null
        }
      }
      const password: TlsPassword = new InKeyRing()
      password.setValue('secret')
      sameList(ring ?? [], bytesOf('secret'), 'What the key ring has')
      sameList(password.value ?? [], bytesOf('secret'), 'Its value')
      password.clear()
      equal(password.value, null, 'Its value, cleared')
    },
  },
  {
    title: 'value/shown-nowhere',
    source: 'TlsPassword: its value shows nowhere else',
    async run() {
      const password = new TlsPassword({ description: 'a key' })
      password.setValue('swordfish')
      const texts = [String(password), JSON.stringify([password]), `${Object.values(password)}`]
      ok(!texts.join().includes('swordfish'), 'no text of it has the value')
      ok(!texts.join().includes('115,119'), 'nor its bytes')
    },
  },
]

/** What is known of a password, and its value. The same for all backends, which ask with it. */
export const passwords: ConformanceArea = {
  name: 'password',
  scope: 'backend',
  applies: () => true,
  cases,
}
