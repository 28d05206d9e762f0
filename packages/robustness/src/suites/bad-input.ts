import test from 'ava'
import { inputs } from '../inputs.js'
import { reactionTo, receivers } from '../raw-peer.js'
import type { Subject } from '../subject.js'
import { Unhandled } from '../unhandled.js'

/** Bytes that are no proper TLS end a handshake with one error. */
export function badInput(subject: Subject): void {
  const about = `robustness/${subject.name}/bad-input`
  const backend = subject.createBackend()
  const unhandled = new Unhandled()
  test.after.always(() => unhandled.stop())
  for (const version of subject.versions) {
    for (const receiver of receivers) {
      for (const [name, { bytes, codes }] of Object.entries(inputs)) {
        test.serial(`${about}/${version}/${receiver}/${name}`, async (t) => {
          const reaction = await reactionTo(backend, bytes, receiver, version)
          t.true(codes.includes(reaction.code), reaction.code)
          t.true(reaction.dropped, 'the stream is dropped')
          t.true(reaction.sticky, 'the same error again')
          t.deepEqual(await unhandled.take(), [])
        })
      }

      // Any first byte, with nothing right about the rest.
      test.serial(`${about}/${version}/${receiver}/any-first-byte`, async (t) => {
        const wrong: string[] = []
        for (let first = 0; first < 256; first++) {
          const input = Uint8Array.from({ length: 32 }, (_, at) =>
            at === 0 ? first : at * 37 + 90,
          )
          const { code, dropped, sticky } = await reactionTo(backend, input, receiver, version)
          if (code !== 'TLS_NOT_TLS' || !dropped || !sticky) wrong.push(`${first}: ${code}`)
        }
        t.deepEqual(wrong, [])
        t.deepEqual(await unhandled.take(), [])
      })
    }
  }
}
