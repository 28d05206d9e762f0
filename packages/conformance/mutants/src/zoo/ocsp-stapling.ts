import { claiming, pretending } from '../breaking/claims.js'
import { withClientHandshake } from '../breaking/drivers.js'
import { createGood, withClients } from '../breaking/good.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

export const ocspStaplingMutants: readonly Mutant[] = [
  {
    name: 'staple-never-asked-for',
    breaks: 'ocsp-staple-on-request',
    create: withClientHandshake((asked) => ({ ...asked, requestOcspStaple: false })),
  },
  {
    name: 'staple-always-asked-for',
    breaks: 'ocsp-staple-not-unasked',
    create: withClientHandshake((asked) => ({ ...asked, requestOcspStaple: true })),
  },
  {
    name: 'staple-asked-for-though-not-claimed',
    breaks: 'ocsp-staple-not-unasked',
    create: claiming(
      { ocspStapling: false },
      withClientHandshake((asked) => ({ ...asked, requestOcspStaple: true })),
    ),
  },
  {
    name: 'staple-asked-for-when-the-connection-is-made-only',
    breaks: 'ocsp-staple-on-request',
    create: withClients((connection) => {
      replace(connection, 'requestOcspStaple', (asked) => asked)
    }),
  },
  {
    name: 'staple-of-no-bytes',
    breaks: 'ocsp-staple-on-request',
    create: withClients((connection) => {
      replaceGetter(connection, 'ocspStaple', (former) => former() ?? new Uint8Array())
    }),
  },
  {
    name: 'staple-not-refused',
    breaks: 'ocsp-staple-refused-where-unsupported',
    create: pretending({ ocspStapling: false }, createGood),
  },
]
