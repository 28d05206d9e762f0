import { createNullBackend } from '@tlsio/backend-null'
import type { CreateBackend } from '@tlsio/conformance'
import type { TlsBackend, TlsCapabilities } from '@tlsio/core'
import { createGood } from './good.js'

/** Good, but it says that it can do less, which core then refuses, and it is changed besides. */
export function withFewer(
  supports: Partial<TlsCapabilities>,
  change: (backend: TlsBackend) => void,
): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    Object.defineProperty(backend, 'supports', { value: { ...backend.supports, ...supports } })
    change(backend)
    return backend
  }
}

/** As a backend without TLS must be, but it is changed. */
export function withoutTls(change: (backend: TlsBackend) => void): CreateBackend {
  return (context) => {
    const backend = createNullBackend(context)
    change(backend)
    return backend
  }
}
