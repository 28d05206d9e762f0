import { createForgeBackend } from '@tlsio/backend-forge'
import type { Subject } from '@tlsio/real-peers'

export const subject: Subject = {
  versions: ['TLSv1', 'TLSv1.1'],
  createBackend: createForgeBackend,
}
