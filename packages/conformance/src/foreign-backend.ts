import { type TlsCapabilities, TlsError } from '@tlsio/core'
import { noCapabilities, TlsBackendBase } from '@tlsio/core/backend'

/**
 * A backend of another name that cannot do TLS: a source of client connections to copy from in
 * vain.
 */
export class ForeignBackend extends TlsBackendBase {
  override readonly name: string = 'foreign'
  override readonly supports: TlsCapabilities = noCapabilities

  protected override createClientDriver(): never {
    throw new TlsError('TLS_UNAVAILABLE', 'This backend exists only to be foreign.')
  }

  protected override createServerDriver(): never {
    return this.createClientDriver()
  }
}
