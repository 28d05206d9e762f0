import { fuzz, PlainBackend } from '@tlsio/robustness'

// Without encryption: whatever goes wrong here is core's own.
fuzz(
  {
    name: 'core',
    versions: ['TLSv1.2', 'TLSv1.3'],
    createBackend: () => new PlainBackend(),
  },
  10_000,
)
