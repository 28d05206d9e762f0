import { textOf } from '../byte-text.js'
import {
  DerError,
  readBitStringBytes,
  readBoolean,
  readDer,
  readSmallInteger,
  readTime,
  Tag,
} from './der.js'
import { type RawExtension, readExtensions } from './extensions.js'
import { readDistinguishedName } from './names.js'
import {
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type UnsupportedAlgorithm,
} from './signature-algorithm.js'

/** A certificate revocation list (RFC 5280 §5.1): who has been revoked by whom. */
export class RevocationList {
  readonly issuerKey: string
  readonly signed: Uint8Array
  readonly algorithm: SignatureAlgorithm | UnsupportedAlgorithm
  readonly signature: Uint8Array
  /** Serial numbers, as text. */
  readonly #revoked = new Set<string>()

  /** @throws {@link DerError} if the bytes are no CRL, or one that means more than it seems to. */
  constructor(der: Uint8Array) {
    const list = readDer(der, Tag.SEQUENCE).parts()
    const signed = list.next(Tag.SEQUENCE)
    this.algorithm = readSignatureAlgorithm(list.next(Tag.SEQUENCE).bytes)
    this.signature = readBitStringBytes(list.next(Tag.BIT_STRING))
    list.end()
    this.signed = signed.bytes

    const parts = signed.parts()
    const version = parts.optional(Tag.INTEGER)
    if (version !== undefined && readSmallInteger(version) !== 1) throw new DerError('No such CRL.')
    parts.next(Tag.SEQUENCE)
    this.issuerKey = readDistinguishedName(parts.next(Tag.SEQUENCE)).join(',')
    readTime(parts.next())
    if (parts.optional(Tag.UTC_TIME) === undefined) parts.optional(Tag.GENERALIZED_TIME)
    const entries = parts.optional(Tag.SEQUENCE)
    const extensions = parts.optional(0xa0)
    parts.end()
    if (extensions !== undefined) {
      refuseStrange(readExtensions(readDer(extensions.content, Tag.SEQUENCE)))
    }
    for (const entry of entries?.parts().rest() ?? []) {
      const fields = entry.parts()
      const serial = fields.next(Tag.INTEGER).content
      readTime(fields.next())
      const more = fields.optional(Tag.SEQUENCE)
      fields.end()
      if (more === undefined || !isRemoval(readExtensions(more))) {
        this.#revoked.add(textOf(serial))
      }
    }
  }

  lists(serialNumber: Uint8Array): boolean {
    return this.#revoked.has(textOf(serialNumber))
  }
}

/**
 * RFC 5280 §5.2: what is critical and not known makes a CRL useless. A list of part of the
 * certificates, or of what has changed, may still be believed in what it lists; one that lists
 * certificates of others (§5.2.5, indirectCRL) may not.
 */
function refuseStrange(extensions: readonly RawExtension[]): void {
  for (const { id, isCritical, value } of extensions) {
    if (id === ISSUING_DISTRIBUTION_POINT) {
      const indirect = readDer(value, Tag.SEQUENCE)
        .parts()
        .rest()
        .find(({ tag }) => tag === 0x84)
      if (indirect !== undefined && readBoolean(indirect)) throw new DerError('An indirect CRL.')
    } else if (isCritical && id !== DELTA_CRL_INDICATOR) {
      throw new DerError('A critical extension that is not known.')
    }
  }
}

/** RFC 5280 §5.3.1: removeFromCRL takes back a hold. */
function isRemoval(extensions: readonly RawExtension[]): boolean {
  const reason = extensions.find(({ id }) => id === REASON_CODE)
  return reason !== undefined && readDer(reason.value, Tag.ENUMERATED).content[0] === REMOVE
}

const ISSUING_DISTRIBUTION_POINT = '2.5.29.28'
const DELTA_CRL_INDICATOR = '2.5.29.27'
const REASON_CODE = '2.5.29.21'
const REMOVE = 8
