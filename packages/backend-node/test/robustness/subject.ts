import { createNodeBackend } from '@tlsio/backend-node'
import type { Subject } from '@tlsio/robustness'

export const subject: Subject = {
  name: 'node',
  versions: ['TLSv1.2', 'TLSv1.3'],
  createBackend: createNodeBackend,
}
