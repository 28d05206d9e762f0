import type { TlsCapabilities } from '../capabilities.js'
import { TlsError } from '../errors.js'
import type { BackendRegistration } from './registration.js'

/**
 * The error for something that cannot be done here; it names the registered backends that can.
 *
 * @param refusing - who refuses, to begin the sentence with.
 * @param what - what is refused.
 */
export function refusal(
  refusing: string,
  what: string,
  able: (supports: TlsCapabilities) => boolean,
  registrations: readonly BackendRegistration[],
): TlsError {
  const others = registrations
    .filter(({ supports }) => supports !== undefined && able(supports))
    .map(({ name }) => `"${name}"`)
  const hint =
    others.length > 0
      ? `registered ones that have it: ${others.join(', ')}`
      : 'no registered one has it'
  return new TlsError('TLS_NOT_SUPPORTED', `${refusing} does not have ${what}; ${hint}.`)
}
