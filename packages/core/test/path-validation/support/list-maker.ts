import { sign } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  CertificateList,
  type Extension,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509'
import { type Made, nameOf } from './certificate-maker.js'

/** The serial number that lists revoke unless they are told otherwise. */
export const SERIAL: readonly number[] = [0x12, 0x34]

/** What a list is to be like. */
export interface ListRecipe {
  readonly serials?: readonly (readonly number[])[]
  readonly entry?: readonly Extension[]
  readonly extensions?: readonly Extension[]
}

/** A CRL as the library encodes it. */
export function listOf(
  issuer: Made,
  { serials = [SERIAL], entry, extensions }: ListRecipe = {},
): Uint8Array {
  const algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: algorithm,
    issuer: nameOf(issuer.name),
    thisUpdate: new Time(new Date('2025-12-01T00:00:00Z')),
    nextUpdate: new Time(new Date('2025-12-08T00:00:00Z')),
    ...(serials.length > 0 && {
      revokedCertificates: serials.map(
        (serial) =>
          new RevokedCertificate({
            userCertificate: Uint8Array.from(serial).buffer,
            revocationDate: new Time(new Date('2025-11-01T00:00:00Z')),
            ...(entry && { crlEntryExtensions: [...entry] }),
          }),
      ),
    }),
    ...(extensions && { crlExtensions: [...extensions] }),
  })
  const signed = AsnConvert.serialize(tbsCertList)
  const signature = sign('sha256', new Uint8Array(signed), issuer.keys.privateKey)
  const list = new CertificateList({
    tbsCertList,
    signatureAlgorithm: algorithm,
    signature: new Uint8Array(signature).buffer,
  })
  return new Uint8Array(AsnConvert.serialize(list))
}
