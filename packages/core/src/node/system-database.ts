import { existsSync, readFileSync } from 'node:fs'
import tls from 'node:tls'
import { TlsDatabase, type TlsDatabaseOptions } from '../database.js'
import { parsePem } from '../pem.js'

/** Where the trust anchors of the system came from. */
export interface SystemTrustReport {
  /**
   * `system`: the platform told Node. `bundle-file`: a file of the platform. `bundled`: those that
   * came with Node, which grow old with it.
   */
  readonly source: 'system' | 'bundle-file' | 'bundled'
  /** Path of the bundle file; `undefined` for the others. */
  readonly path: string | undefined
  /** Path of the file that `NODE_EXTRA_CA_CERTS` names, if its certificates were added. */
  readonly extra: string | undefined
  /** How many anchors there are. */
  readonly count: number
}

/**
 * What the operating system trusts: what Node gets from the platform (`tls.getCACertificates`),
 * else the bundle file of the platform, else the roots that came with Node; and what
 * `NODE_EXTRA_CA_CERTS` adds to either. `SSL_CERT_FILE` names another bundle file, as for OpenSSL; if
 * that one cannot be read, its place stays empty. `SSL_CERT_DIR` is left to Node. Read once, when it is
 * first needed.
 *
 * The form of these anchors, the rule `profile`, is not judged: their keeper has done so.
 *
 * @see GIO `g_tls_backend_get_default_database()`
 */
export class TlsSystemDatabase extends TlsDatabase {
  #found: FoundTrust | undefined
  readonly #sources: SystemTrustSources

  /**
   * Reads nothing yet.
   *
   * @param sources - where to look, for tests. Default: this process and its platform.
   */
  constructor(options: TlsDatabaseOptions = {}, sources: SystemTrustSources = platformSources) {
    super([], options)
    this.#sources = sources
  }

  /** Which source was used. Reads the anchors if nobody did so far. */
  get report(): SystemTrustReport {
    return this.#trust.report
  }

  protected override loadAnchors(): Iterable<Uint8Array> {
    return this.#trust.anchors
  }

  protected override get handlePrefix(): string {
    return 'system-trust:'
  }

  protected override get toleratesAnchors(): boolean {
    return true
  }

  get #trust(): FoundTrust {
    this.#found ??= findTrust(this.#sources)
    return this.#found
  }
}

/** Where the trust anchors of a system may be found. */
export interface SystemTrustSources {
  /** What Node gets from the platform as PEM; `undefined` where Node cannot tell. */
  systemCertificates(): readonly string[] | undefined
  /** Bundle files of the platforms, the first that can be read is taken. */
  readonly bundleFiles: readonly string[]
  /** What came with Node, as PEM. */
  readonly bundled: readonly string[]
  /** Value of `SSL_CERT_FILE` or `NODE_EXTRA_CA_CERTS`. */
  environment(name: 'SSL_CERT_FILE' | 'NODE_EXTRA_CA_CERTS'): string | undefined
}

interface FoundTrust {
  readonly anchors: readonly Uint8Array[]
  readonly report: SystemTrustReport
}

const platformSources: SystemTrustSources = {
  systemCertificates() {
    const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] }
    try {
      return getCACertificates?.('system')
    } catch {
      // Other runtimes have the function without what it is asked for.
      return undefined
    }
  },
  bundleFiles: [
    '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch, Alpine
    '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, Red Hat
    '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // the same, newer
    '/etc/ssl/ca-bundle.pem', // SUSE
    '/etc/ssl/cert.pem', // macOS, the BSDs
    '/usr/local/share/certs/ca-root-nss.crt', // FreeBSD
  ],
  bundled: tls.rootCertificates,
  environment(name) {
    try {
      return process.env[name] || undefined
    } catch {
      // Deno throws if the program may not read its environment.
      return undefined
    }
  },
}

function findTrust(sources: SystemTrustSources): FoundTrust {
  const extraPath = sources.environment('NODE_EXTRA_CA_CERTS')
  const main = fromNamedFile(sources) ?? fromNode(sources) ?? fromBundleFile(sources)
  const found = main ?? { source: 'bundled', path: undefined, anchors: dersIn(sources.bundled) }
  const extra = extraPath === undefined ? undefined : anchorsOfFile(extraPath)
  const anchors = unique([...found.anchors, ...(extra ?? [])])
  const { source, path } = found
  const report = { source, path, extra: extra && extraPath, count: anchors.length }
  return { anchors, report: Object.freeze(report) }
}

type Found = Pick<SystemTrustReport, 'source' | 'path'> & { readonly anchors: Uint8Array[] }

/** Who names a file wants that one and no other: without it nobody is trusted, as in OpenSSL. */
function fromNamedFile(sources: SystemTrustSources): Found | undefined {
  const path = sources.environment('SSL_CERT_FILE')
  if (path === undefined) return undefined
  return { source: 'bundle-file', path, anchors: anchorsOfFile(path) ?? [] }
}

function fromNode(sources: SystemTrustSources): Found | undefined {
  const pems = sources.systemCertificates()
  if (pems === undefined || pems.length === 0) return undefined
  return { source: 'system', path: undefined, anchors: dersIn(pems) }
}

function fromBundleFile({ bundleFiles }: SystemTrustSources): Found | undefined {
  for (const path of bundleFiles) {
    const anchors = anchorsOfFile(path)
    if (anchors !== undefined) return { source: 'bundle-file', path, anchors }
  }
  return undefined
}

/** `undefined` for a file that is not there, cannot be read, or has no certificate in it. */
function anchorsOfFile(path: string): Uint8Array[] | undefined {
  try {
    if (!existsSync(path)) return undefined
    const anchors = dersIn([readFileSync(path, 'latin1')])
    return anchors.length > 0 ? anchors : undefined
  } catch {
    return undefined
  }
}

/** `TRUSTED CERTIFICATE` is OpenSSL's own label; it holds more than a certificate. */
function dersIn(pems: readonly string[]): Uint8Array[] {
  return pems.flatMap((pem) =>
    parsePem(pem)
      .filter(({ label }) => label === 'CERTIFICATE')
      .map(({ der }) => der),
  )
}

function unique(ders: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(ders.map((der) => [Buffer.from(der).toString('latin1'), der])).values()]
}
