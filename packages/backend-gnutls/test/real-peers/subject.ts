import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import type { Subject } from '@tlsio/real-peers'

export const subject: Subject = {
  versions: ['TLSv1.2', 'TLSv1.3'],
  createBackend: createGnutlsBackend,
}
