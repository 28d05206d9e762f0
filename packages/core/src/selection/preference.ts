/**
 * The value of `TLSIO_BACKEND`, where the platform has an environment and lets us read it.
 *
 * @see GIO `GIO_USE_TLS`
 */
export function preferenceFromEnvironment(): string | undefined {
  const { process } = globalThis as {
    process?: { env?: Record<string, string | undefined> }
  }
  try {
    return process?.env?.TLSIO_BACKEND
  } catch {
    // Deno throws if the program may not read its environment.
    return undefined
  }
}
