import forge from 'node-forge'

/** A cipher suite as forge has it; its own types lack most members. */
export interface ForgeCipherSuite {
  readonly id: readonly [number, number]
  readonly name: string
  initSecurityParameters(sp: ForgeSecurityParameters): void
  initConnectionState(state: unknown, connection: unknown, sp: ForgeSecurityParameters): void
}

/** What forge derives keys from, and the keys, as text of bytes. */
export interface ForgeSecurityParameters {
  master_secret?: string
  client_random?: string
  server_random?: string
  compression_algorithm?: number
  keys?: {
    readonly client_write_MAC_key: string
    readonly server_write_MAC_key: string
    readonly client_write_key: string
    readonly server_write_key: string
    readonly client_write_IV?: string
    readonly server_write_IV?: string
  }
}

const suites = forge.tls.CipherSuites as unknown as Record<string, ForgeCipherSuite>
const versions = forge.tls.SupportedVersions
const pki: { verifyCertificateChain: unknown } = forge.pki
const rsa = forge.pki.rsa as unknown as { decrypt: RsaDecrypt }

/** forge's bare RSA, as its private keys call it. */
type RsaDecrypt = (block: string, key: unknown, isPublic: boolean, paddingLength: false) => string

/** The suites that forge came with, the preferred first. */
export const forgeSuites: readonly ForgeCipherSuite[] = [
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
].map((name) => suites[name] as ForgeCipherSuite)

/** Number of a cipher suite on the wire. */
export function suiteNumber({ id: [high, low] }: ForgeCipherSuite): number {
  return (high << 8) | low
}

/** What stands in forge's tables during a step. */
export interface ForgeTables {
  readonly suites: readonly ForgeCipherSuite[]
  /** Minor versions, newest first. */
  readonly minors: readonly number[]
  /** RSA with our private key, padding and all, in place of forge's `own`. */
  readonly decrypt?: ((block: string, own: (block: string) => string) => string) | undefined
}

/**
 * Runs one step of forge with tables of our own in place of those it has for the whole process:
 *
 * - cipher suites: it takes any it knows, whatever a connection was given;
 * - versions, as minor numbers, newest first: its servers skip the first one, so that they never
 *   choose TLS 1.1;
 * - the check of certificate chains, which is core's to order and done afterwards;
 * - RSA with our private key.
 *
 * A step is synchronous, and calls nothing of the application's but core's clock: by the time anybody
 * else could look, all is as it was.
 */
export function withTables<T>(
  { suites: ourSuites, minors, decrypt }: ForgeTables,
  run: () => T,
): T {
  const before = {
    suites: { ...suites },
    versions: [...versions],
    check: pki.verifyCertificateChain,
    decrypt: rsa.decrypt,
  }
  replace(suites, Object.fromEntries(ourSuites.map((suite) => [suite.name, suite])))
  // The first one stands twice, so that skipping it does no harm.
  versions.splice(0, versions.length, ...minors.slice(0, 1).concat(minors).map(version))
  pki.verifyCertificateChain = () => true
  if (decrypt !== undefined) {
    rsa.decrypt = (block, key, isPublic, paddingLength) => {
      const own = (data: string) => before.decrypt(data, key, isPublic, paddingLength)
      return isPublic ? own(block) : decrypt(block, own)
    }
  }
  try {
    return run()
  } finally {
    replace(suites, before.suites)
    versions.splice(0, versions.length, ...before.versions)
    pki.verifyCertificateChain = before.check
    rsa.decrypt = before.decrypt
  }
}

function replace(table: Record<string, ForgeCipherSuite>, content: typeof table): void {
  for (const name of Object.keys(table)) delete table[name]
  Object.assign(table, content)
}

function version(minor: number): forge.tls.ProtocolVersion {
  return { major: 3, minor }
}
