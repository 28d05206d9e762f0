import { isIP } from 'node:net'
import wrapAnsi from 'wrap-ansi'
import { type Paint, paintFor } from '../terminal/paint.js'
import { printable } from '../terminal/printable.js'
import type {
  AlternativeName,
  CertificateReport,
  ChainReport,
  ChainSource,
  CheckFinding,
  FileSource,
  PublicKeyReport,
  TrustReport,
} from './chain-report.js'
import { describeValidity } from './days-left.js'

/** How text is to look. */
export interface FormatOptions {
  /** Where lines are broken; `undefined`: nowhere, and nothing is left out. */
  readonly columns: number | undefined
  readonly colors: boolean
  /** Whether to print long lists whole, and the extensions. */
  readonly all: boolean
}

/** Says a report in words, with a line end after each line. */
export function formatChain(report: ChainReport, options: FormatOptions): string {
  return new ChainText(report, options).whole()
}

/**
 * The text of one report. What is printed comes in through {@link ChainText.line} or
 * {@link ChainText.field}, which let nothing through that could control a terminal: colours are put
 * on afterwards.
 */
class ChainText {
  readonly #report: ChainReport
  readonly #options: FormatOptions
  readonly #paint: Paint
  readonly #lines: string[] = []

  constructor(report: ChainReport, options: FormatOptions) {
    this.#report = report
    this.#options = options
    this.#paint = paintFor(options.colors)
  }

  whole(): string {
    const { source, certificates } = this.#report
    this.#line(0, describeSource(source, certificates))
    for (const at of certificates.keys()) this.#certificate(at)
    this.#lines.push('')
    this.#verdict()
    return `${this.#lines.join('\n')}\n`
  }

  #certificate(at: number): void {
    const { certificates, judged } = this.#report
    const certificate = certificates[at] as CertificateReport
    this.#lines.push('')
    this.#line(0, `${at + 1}  ${nameOf(certificate)}`, this.#paint.strong)
    const notes = this.#notesOn(certificate, at)
    if (notes.length > 0) this.#field('note', notes.join(', '))
    this.#field('issuer', certificate.issuer || NO_NAME)
    if (certificate.names.length > 0) this.#field('names', this.#names(certificate.names))
    this.#validity(certificate, Date.parse(judged.at))
    this.#field('key', describeKey(certificate.key))
    this.#field('signature', certificate.signatureAlgorithm)
    this.#field('CA', describeAuthority(certificate))
    const { purposes, keyUsage, extensions } = certificate
    if (purposes !== null) this.#field('purposes', purposes.join(', '))
    if (keyUsage !== null) this.#field('key usage', keyUsage.join(', '))
    this.#field('serial', certificate.serialNumber)
    this.#field('SHA-256', certificate.sha256)
    if (this.#options.all && extensions.length > 0) {
      const described = extensions.map(({ oid, name, isCritical }) => {
        return `${name ?? oid}${isCritical ? ' (critical)' : ''}`
      })
      this.#field('extensions', described.join(', '))
    }
  }

  #notesOn({ isAnchor, number }: CertificateReport, at: number): string[] {
    const { source, path } = this.#report
    const notes: string[] = []
    if (isAnchor) notes.push('trust anchor')
    if (source.kind === 'file') {
      if (number === null) notes.push('not in the file')
      else if (number !== at + 1) notes.push(`number ${number} in the file`)
    }
    if (!path.includes(at)) notes.push('not in the path')
    return notes
  }

  #names(names: readonly AlternativeName[]): string {
    const { all, columns } = this.#options
    const whole = all || columns === undefined || names.length <= MOST_NAMES
    const shown = names.slice(0, whole ? names.length : MOST_NAMES).map(describeName)
    const more = names.length - shown.length
    return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more (--all)`
  }

  #validity({ notBefore, notAfter, daysLeft }: CertificateReport, now: number): void {
    const dates = `${dateText(notBefore)} to ${dateText(notAfter)}`
    if (notBefore === null || notAfter === null || daysLeft === null) {
      this.#field('valid', dates)
      return
    }
    const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)]
    const { good, bad, soon } = this.#paint
    const isValid = from <= now && now <= to
    const paint = !isValid ? bad : daysLeft < FEW_DAYS ? soon : good
    this.#field('valid', `${dates}, ${describeValidity(from, to, now)}`, paint)
  }

  #verdict(): void {
    const { verifies, flags, findings, engine, path, certificates, judged, trust, source } =
      this.#report
    const { good, bad } = this.#paint
    if (verifies) this.#line(0, 'Verifies', good)
    else this.#line(0, `Does not verify: ${flags.join(', ')}`, bad)
    for (const finding of findings) this.#finding(finding)
    this.#unexplained()
    this.#field('path', path.map((at) => nameOf(certificates[at])).join(' -> ') || 'none')
    this.#field('trust', describeTrust(trust))
    this.#field('name', judged.name ?? 'not checked')
    this.#field('purpose', judged.purpose)
    this.#field('rules', judged.profile)
    this.#field('at', dateText(judged.at))
    if (source.kind === 'peer') {
      const opinion =
        engine === null ? 'has not judged' : engine.flags.join(', ') || 'nothing wrong'
      this.#field('engine', `${source.backend}: ${opinion}`)
    }
  }

  /** Flags that no finding of core stands for. */
  #unexplained(): void {
    const { flags, findings, engine } = this.#report
    const ofEngine = engine?.notExplained ?? []
    if (ofEngine.length > 0) {
      this.#line(INDENT, `- ${ofEngine.join(', ')}: The engine says so; core found no such thing.`)
    }
    const known = new Set([...ofEngine, ...findings.flatMap((finding) => finding.flags)])
    const rest = flags.filter((flag) => !known.has(flag))
    if (rest.length > 0) this.#line(INDENT, `- ${rest.join(', ')}: There is no verdict.`)
  }

  #finding({ rule, flags, certificate, extension, detail }: CheckFinding): void {
    this.#line(INDENT, `- ${flags.join(', ')} (${rule}): ${detail}`)
    const blamed = `certificate ${certificate + 1}, ${nameOf(this.#report.certificates[certificate])}`
    this.#line(INDENT + 2, blamed)
    if (extension === null) return
    const { name, oid } = extension
    this.#line(INDENT + 2, `extension ${name === null ? oid : `${name}, ${oid}`}`)
  }

  #line(indent: number, text: string, paint: (text: string) => string = (plain) => plain): void {
    for (const line of this.#wrap(text, indent)) this.#lines.push(' '.repeat(indent) + paint(line))
  }

  #field(label: string, value: string, paint: (text: string) => string = (plain) => plain): void {
    const start = INDENT + LABEL
    for (const [at, line] of this.#wrap(value, start).entries()) {
      const before = at === 0 ? this.#paint.faint(label.padEnd(LABEL)) : ' '.repeat(LABEL)
      this.#lines.push(' '.repeat(INDENT) + before + paint(line))
    }
  }

  #wrap(text: string, indent: number): string[] {
    const { columns } = this.#options
    if (columns === undefined) return [printable(text)]
    const width = Math.max(columns - indent, LEAST_WIDTH)
    return wrapAnsi(printable(text), width, { hard: true }).split('\n')
  }
}

const INDENT = 3
const LABEL = 12
/** A terminal that is narrower breaks the lines once more. */
const LEAST_WIDTH = 16
/** On a terminal. */
const MOST_NAMES = 8
/** When it is time to think of the next certificate. */
const FEW_DAYS = 14
const NO_NAME = '(no name)'

function describeSource(source: ChainSource, certificates: readonly CertificateReport[]): string {
  if (source.kind === 'file') {
    const count = certificates.filter(({ number }) => number !== null).length
    const what = `${count} certificate${count === 1 ? '' : 's'}, ${formats[source.format]}`
    return `${source.path === '-' ? 'standard input' : source.path}: ${what}`
  }
  const { host, port, address, protocolVersion, cipherSuite, alpn } = source
  const at = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const where = address === null || address === host ? at : `${at} at ${address}`
  const agreed = [protocolVersion, cipherSuite, alpn === null ? null : `ALPN ${alpn}`]
  return `${where}: ${agreed.filter((part) => part !== null).join(', ')}`
}

const formats: Readonly<Record<FileSource['format'], string>> = {
  pem: 'PEM',
  der: 'DER',
  pkcs12: 'PKCS #12',
}

function nameOf(certificate: CertificateReport | undefined): string {
  return certificate?.subject || NO_NAME
}

/** Host names speak for themselves; of the others it is said what they are. */
function describeName({ type, value }: AlternativeName): string {
  return type === 'dns' || type === 'ip' ? value : `${type}:${value}`
}

function describeKey({ kind, bits, curve }: PublicKeyReport): string {
  return [kind, bits === null ? null : `${bits} bits`, curve]
    .filter((part) => part !== null)
    .join(' ')
}

function describeAuthority({ isCa, pathLength }: CertificateReport): string {
  if (!isCa) return 'no'
  if (pathLength === null) return 'yes'
  return pathLength === 0 ? 'yes, for leaves only' : `yes, with at most ${pathLength} below it`
}

function describeTrust({ source, path, extra, anchors, revocationLists }: TrustReport): string {
  const from = {
    system: 'the operating system',
    'bundle-file': `bundle file ${path}`,
    bundled: 'the roots that came with Node',
    'ca-file': `${path} (--ca)`,
  }[source]
  const parts = [extra === null ? from : `${from}, and ${extra} (NODE_EXTRA_CA_CERTS)`]
  parts.push(`${anchors} anchor${anchors === 1 ? '' : 's'}`)
  if (revocationLists > 0) {
    parts.push(`${revocationLists} revocation list${revocationLists === 1 ? '' : 's'}`)
  }
  return parts.join(', ')
}

function dateText(iso: string | null): string {
  return iso === null ? '(unreadable)' : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
