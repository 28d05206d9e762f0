import { createNodeBackend } from '@tlsio/backend-node'
import type { Subject } from '@tlsio/real-peers'

export const subject: Subject = {
  versions: ['TLSv1.2', 'TLSv1.3'],
  createBackend: createNodeBackend,
}
