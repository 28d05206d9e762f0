import { withClientHandshake } from '../breaking/drivers.js'
import type { Mutant } from '../mutant.js'

/** The server knows the name from the same extension. */
const showsIn = {
  handshake: 'the server tells the name that the client sent',
  'client-authentication': 'a server chooses its certificate by the name',
  'session-resumption': 'the name is sent on resumed handshakes, too',
}

export const serverNameMutants: readonly Mutant[] = [
  {
    name: 'server-name-never-sent',
    breaks: 'server-name-sent',
    showsIn,
    create: withClientHandshake((asked) => ({ ...asked, serverName: undefined })),
  },
  {
    name: 'server-name-sent-with-a-dot',
    breaks: 'server-name-sent',
    showsIn,
    create: withClientHandshake((asked) => ({
      ...asked,
      serverName: asked.serverName && `${asked.serverName}.`,
    })),
  },
  {
    name: 'server-name-for-everybody',
    breaks: 'server-name-for-host-names-only',
    create: withClientHandshake((asked) => ({
      ...asked,
      serverName: asked.serverName ?? 'a.test',
    })),
  },
]
