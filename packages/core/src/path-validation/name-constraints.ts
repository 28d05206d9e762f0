import { type DerElement, DerError, Tag } from './der.js'
import { type GeneralName, isWithin, readGeneralName } from './names.js'

/** Where the names of all certificates below must lie, and must not (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** Reads a NameConstraints. @throws {@link DerError} also for a constraint that makes no sense. */
export function readNameConstraints(element: DerElement): NameConstraints {
  if (element.tag !== Tag.SEQUENCE) throw new DerError('This is no SEQUENCE.')
  const parts = element.parts()
  const permitted = parts.optional(0xa0)
  const excluded = parts.optional(0xa1)
  parts.end()
  // RFC 5280 §4.2.1.10: either of them must be present.
  if (!permitted && !excluded) throw new DerError('No constraint at all.')
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) }
}

/**
 * The first of the names that a certificate may not have, if there is one. RFC 5280 §6.1.3 (b) and
 * (c): each must be within a permitted subtree of its kind, if there are any, and within none that
 * is excluded.
 */
export function findForbiddenName(
  names: readonly GeneralName[],
  { permitted, excluded }: NameConstraints,
): GeneralName | undefined {
  return names.find((name) => {
    const ofItsKind = permitted.filter((base) => isOfKind(base, name))
    return (
      (ofItsKind.length > 0 && !ofItsKind.some((base) => isPermittedBy(name, base))) ||
      excluded.some((base) => isOfKind(base, name) && isExcludedBy(name, base))
    )
  })
}

function readSubtrees(element: DerElement | undefined): GeneralName[] {
  if (element === undefined) return []
  const subtrees = element.parts().rest()
  if (subtrees.length === 0) throw new DerError('No subtree at all.')
  return subtrees.map((subtree) => {
    if (subtree.tag !== Tag.SEQUENCE) throw new DerError('This is no SEQUENCE.')
    const parts = subtree.parts()
    const base = readGeneralName(parts.next())
    // RFC 5280 §4.2.1.10: the minimum must be zero, which DER leaves out, and the maximum absent.
    parts.end()
    if (!isSensible(base)) throw new DerError('The constraint makes no sense.')
    return base
  })
}

function isSensible(base: GeneralName): boolean {
  switch (base.kind) {
    case 'dns':
    case 'uri':
      return base.text === '' || isDnsName(withoutDot(base.text))
    case 'email': {
      const host = base.text.slice(base.text.lastIndexOf('@') + 1)
      return base.text === '' || isDnsName(base.text === host ? withoutDot(host) : host)
    }
    case 'ip':
      return (base.bytes.length === 8 || base.bytes.length === 32) && isMask(maskOf(base.bytes))
    default:
      return true
  }
}

function isOfKind(base: GeneralName, name: GeneralName): boolean {
  return base.kind === 'other' && name.kind === 'other'
    ? base.tag === name.tag
    : base.kind === name.kind
}

/** What cannot be understood is not within anything. */
function isPermittedBy(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'ip' && base.kind === 'ip') return isAddressWithin(name.bytes, base.bytes)
  if (name.kind === 'directory' && base.kind === 'directory') return isWithin(name.name, base.name)
  if (!('text' in name && 'text' in base)) return false
  if (name.kind === 'dns') return isNameSound(name.text) && isDnsWithin(name.text, base.text)
  const host = name.kind === 'email' ? hostOfMailbox(name.text) : hostOfUri(name.text)
  return host !== undefined && isHostWithin(host, name, base.text)
}

/** What cannot be understood may be within anything. */
function isExcludedBy(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'ip' && base.kind === 'ip') return isAddressWithin(name.bytes, base.bytes)
  if (name.kind === 'directory' && base.kind === 'directory') return isWithin(name.name, base.name)
  if (!('text' in name && 'text' in base)) return true
  if (name.kind === 'dns') {
    return (
      !isNameSound(name.text) || isDnsWithin(name.text, base.text) || reaches(name.text, base.text)
    )
  }
  const host = name.kind === 'email' ? hostOfMailbox(name.text) : hostOfUri(name.text)
  return host === undefined || isHostWithin(host, name, base.text)
}

/**
 * RFC 5280 §4.2.1.10: any name made by adding zero or more labels on the left. A constraint that
 * begins with a dot, which is not in the RFC, stands for one or more.
 */
function isDnsWithin(name: string, base: string): boolean {
  if (base === '') return true
  const [own, other] = [name.toLowerCase(), base.toLowerCase()]
  return other.startsWith('.') ? own.endsWith(other) : own === other || own.endsWith(`.${other}`)
}

/** Whether a wildcard stands for names in a subtree it is not itself in. */
function reaches(name: string, base: string): boolean {
  const other = withoutDot(base.toLowerCase())
  return (
    name.startsWith('*.') && other.slice(other.indexOf('.') + 1) === name.toLowerCase().slice(2)
  )
}

/** RFC 5280 §4.2.1.10: one host, or all below if it begins with a dot; for mail also a mailbox. */
function isHostWithin(host: string, name: GeneralName & { text: string }, base: string): boolean {
  const other = base.toLowerCase()
  const at = base.lastIndexOf('@')
  if (base === '') return true
  if (name.kind === 'email' && at !== -1) {
    // RFC 5280 §7.5: the local part is compared to the letter.
    const local = name.text.slice(0, name.text.lastIndexOf('@'))
    return local === base.slice(0, at) && host === other.slice(at + 1)
  }
  return other.startsWith('.') ? host.endsWith(other) : host === other
}

function hostOfMailbox(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  const host = text.slice(at + 1).toLowerCase()
  return at > 0 && isDnsName(host) ? host : undefined
}

/** RFC 5280 §4.2.1.10: constraints are for URIs whose authority has a host name. */
function hostOfUri(text: string): string | undefined {
  const authority = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1]
  const host = authority
    ?.slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase()
  return host !== undefined && isDnsName(host) && !/(^|\.)\d+$/.test(host) ? host : undefined
}

function isAddressWithin(address: Uint8Array, base: Uint8Array): boolean {
  const mask = maskOf(base)
  return (
    mask.length === address.length &&
    address.every(
      (byte, at) => (byte & (mask[at] as number)) === ((base[at] as number) & (mask[at] as number)),
    )
  )
}

/** RFC 5280 §4.2.1.10: in the style of RFC 4632, so ones, then zeros. */
function isMask(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits)
}

function maskOf(base: Uint8Array): Uint8Array {
  return base.subarray(base.length / 2)
}

/** A name of a certificate may begin with a wildcard. */
function isNameSound(text: string): boolean {
  return isDnsName(text.startsWith('*.') ? text.slice(2) : text)
}

/** Labels of letters, digits, hyphens, and the underscores that are in use. */
function isDnsName(text: string): boolean {
  return text.length <= 253 && /^(?:[\w-]{1,63}\.)*[\w-]{1,63}$/.test(text)
}

function withoutDot(text: string): string {
  return text.startsWith('.') ? text.slice(1) : text
}
