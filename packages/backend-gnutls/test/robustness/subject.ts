import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import type { Subject } from '@tlsio/robustness'

export const subject: Subject = {
  name: 'gnutls',
  versions: ['TLSv1.2', 'TLSv1.3'],
  createBackend: createGnutlsBackend,
}
