import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate, id_ce_subjectAltName, SubjectAlternativeName } from '@peculiar/asn1-x509'

/** What the schema library reads, which our reader is held against. */
export function readWithLibrary(der: Uint8Array): {
  readonly notBefore: number
  readonly notAfter: number
  readonly dnsNames: readonly string[]
} {
  const { validity, extensions } = AsnConvert.parse(der, Certificate).tbsCertificate
  const names = (extensions ?? [])
    .filter(({ extnID }) => extnID === id_ce_subjectAltName)
    .flatMap(({ extnValue }) => [...AsnConvert.parse(extnValue, SubjectAlternativeName)])
  return {
    notBefore: validity.notBefore.getTime().getTime(),
    notAfter: validity.notAfter.getTime().getTime(),
    dnsNames: names.flatMap(({ dNSName }) => dNSName ?? []),
  }
}
