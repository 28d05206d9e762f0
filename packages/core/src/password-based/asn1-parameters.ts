import { AsnConvert, AsnProp, AsnPropTypes, type IAsnParseOptions } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { fromBER, OctetString } from 'asn1js'

/** Parameters of the encryption of PKCS #12 (RFC 7292 Appendix C). */
export class Pkcs12PbeParameters {
  @AsnProp({ type: AsnPropTypes.OctetString })
  salt: ArrayBuffer = new ArrayBuffer(0)
  /** Text if it is a very large number. */
  @AsnProp({ type: AsnPropTypes.Integer })
  iterations: unknown = 0
}

/**
 * Parameters of PBES2 (RFC 8018 Appendix A.4), and of PBMAC1 (A.5), whose second part is the
 * authentication scheme.
 */
export class Pbes2Parameters {
  @AsnProp({ type: AlgorithmIdentifier })
  keyDerivation: AlgorithmIdentifier = new AlgorithmIdentifier()
  @AsnProp({ type: AlgorithmIdentifier })
  scheme: AlgorithmIdentifier = new AlgorithmIdentifier()
}

/** Parameters of PBKDF2 (RFC 8018 Appendix A.2) with a salt of their own. */
export class Pbkdf2Parameters {
  @AsnProp({ type: AsnPropTypes.OctetString })
  salt: ArrayBuffer = new ArrayBuffer(0)
  /** Text if it is a very large number. */
  @AsnProp({ type: AsnPropTypes.Integer })
  iterations: unknown = 0
  @AsnProp({ type: AsnPropTypes.Integer, optional: true })
  keyLength?: unknown
  @AsnProp({ type: AlgorithmIdentifier, optional: true })
  prf?: AlgorithmIdentifier
}

/** Parses with limits for what nobody can vouch for. */
export function parseAsn1<T>(data: Uint8Array | ArrayBuffer, schema: new () => T): T {
  return AsnConvert.parse(data, schema, limits)
}

/**
 * The content of an OCTET STRING, which in BER may be in pieces: the schema library finds nothing in
 * such.
 */
export function parseOctets(data: Uint8Array | ArrayBuffer): Uint8Array {
  const { offset, result } = fromBER(data, limits.berOptions)
  if (offset === -1 || !(result instanceof OctetString)) {
    throw new Error('There is no OCTET STRING where one was expected.')
  }
  return new Uint8Array(result.getValue())
}

const limits: IAsnParseOptions = {
  // Contents of OCTET STRINGs are not looked into unless they are asked for.
  berOptions: { maxDepth: 32, maxNodes: 20_000, maxContentLength: 4 << 20, parseEmbedded: false },
}
