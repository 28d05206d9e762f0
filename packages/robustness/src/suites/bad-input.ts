import test from 'ava'
import { inputs } from './support/inputs.js'
import { versions } from './support/pair.js'
import { reactionTo, receivers } from './support/raw-peer.js'
import { Unhandled } from './support/unhandled.js'

const unhandled = new Unhandled()
test.after.always(() => unhandled.stop())

for (const version of versions) {
  for (const receiver of receivers) {
    for (const [name, { bytes, codes }] of Object.entries(inputs)) {
      test.serial(`robustness/bad-input/${version}/${receiver}/${name}`, async (t) => {
        const reaction = await reactionTo(bytes, receiver, version)
        t.true(codes.includes(reaction.code), reaction.code)
        t.true(reaction.dropped, 'the stream is dropped')
        t.true(reaction.sticky, 'the same error again')
        t.deepEqual(await unhandled.take(), [])
      })
    }

    // Any first byte, with nothing right about the rest.
    test.serial(`robustness/bad-input/${version}/${receiver}/any-first-byte`, async (t) => {
      const wrong: string[] = []
      for (let first = 0; first < 256; first++) {
        const input = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? first : at * 37 + 90))
        const { code, dropped, sticky } = await reactionTo(input, receiver, version)
        if (code !== 'TLS_NOT_TLS' || !dropped || !sticky) wrong.push(`${first}: ${code}`)
      }
      t.deepEqual(wrong, [])
      t.deepEqual(await unhandled.take(), [])
    })
  }
}
