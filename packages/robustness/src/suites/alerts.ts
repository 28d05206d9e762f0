import test from 'ava'
import { reactionTo } from '../raw-peer.js'
import type { Subject } from '../subject.js'
import { Unhandled } from '../unhandled.js'

/** Alerts that mean something to an application; all others of the registry are `TLS_MISC`. */
const codes: Readonly<Record<string, readonly number[]>> = {
  TLS_HANDSHAKE: [40, 70, 71, 112, 120],
  TLS_CERTIFICATE_REQUIRED: [41, 116],
  TLS_BAD_CERTIFICATE: [42, 43, 44, 45, 46, 48, 113, 114],
  TLS_INAPPROPRIATE_FALLBACK: [86],
  TLS_MISC: [10, 20, 21, 22, 30, 47, 49, 50, 51, 60, 80, 90, 100, 109, 110, 111, 115],
}

/** Each fatal alert during a handshake ends it with its meaning. */
export function alerts(subject: Subject): void {
  const about = `robustness/${subject.name}/alerts`
  const backend = subject.createBackend()
  const unhandled = new Unhandled()
  test.after.always(() => unhandled.stop())
  for (const version of subject.versions) {
    for (const receiver of ['client', 'server-after-its-hello'] as const) {
      test.serial(`${about}/${version}/${receiver}/registered`, async (t) => {
        const wrong: string[] = []
        for (const [code, numbers] of Object.entries(codes)) {
          for (const number of numbers) {
            const reaction = await reactionTo(backend, fatal(number), receiver, version)
            // OpenSSL's server takes a user_canceled of TLS 1.3 for the warning it should be.
            const ends = number === 90 && reaction.code === 'TLS_NOT_TLS'
            const right = reaction.code === code && reaction.alert === number
            if (!(right || ends) || !reaction.dropped || !reaction.sticky) {
              wrong.push(`${number}: ${reaction.code}, alert ${reaction.alert}`)
            }
          }
        }
        t.deepEqual(wrong, [])
        t.deepEqual(await unhandled.take(), [])
      })

      // node:tls says nothing of these until the peer has ended the stream, as it must after a fatal alert.
      test.serial(`${about}/${version}/${receiver}/unregistered`, async (t) => {
        const registered = new Set(Object.values(codes).flat())
        const wrong: string[] = []
        for (let number = 0; number < 256; number++) {
          if (registered.has(number)) continue
          const { code, dropped, sticky } = await reactionTo(
            backend,
            fatal(number),
            receiver,
            version,
          )
          const right = code === 'TLS_NOT_TLS' || code === 'TLS_MISC'
          if (!right || !dropped || !sticky) wrong.push(`${number}: ${code}`)
        }
        t.deepEqual(wrong, [])
        t.deepEqual(await unhandled.take(), [])
      })
    }
  }
}

function fatal(number: number): Uint8Array {
  return Uint8Array.of(21, 3, 3, 0, 2, 2, number)
}
