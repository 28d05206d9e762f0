import { createPublicKey, type KeyObject } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import type { SubjectPublicKeyInfo } from '@peculiar/asn1-x509'
import type { PublicKeyReport } from './chain-report.js'

/** Says what a key is. One that OpenSSL does not know is its object identifier. */
export function describePublicKey(info: SubjectPublicKeyInfo): PublicKeyReport {
  const key = readKey(info)
  const type = key?.asymmetricKeyType
  if (type === undefined) return { kind: info.algorithm.algorithm, bits: null, curve: null }
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {}
  return {
    kind: kinds.get(type) ?? type,
    bits: modulusLength ?? null,
    curve: namedCurve === undefined ? null : (curves.get(namedCurve) ?? namedCurve),
  }
}

function readKey(info: SubjectPublicKeyInfo): KeyObject | undefined {
  try {
    const key = Buffer.from(AsnConvert.serialize(info))
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['rsa', 'RSA'],
  ['rsa-pss', 'RSA-PSS'],
  ['ec', 'EC'],
  ['dsa', 'DSA'],
  ['ed25519', 'Ed25519'],
  ['ed448', 'Ed448'],
])

/** OpenSSL's names, and those that everybody else has for them. */
const curves: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
])
