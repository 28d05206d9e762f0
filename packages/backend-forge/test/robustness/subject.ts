import { createForgeBackend } from '@tlsio/backend-forge'
import type { Subject } from '@tlsio/robustness'

export const subject: Subject = {
  name: 'forge',
  versions: ['TLSv1', 'TLSv1.1'],
  createBackend: createForgeBackend,
}

/** With ciphers that answer later, as in a page. */
export const webcryptoSubject: Subject = {
  ...subject,
  name: 'forge-webcrypto',
  createBackend: () => createForgeBackend({ ciphers: 'webcrypto' }),
}
