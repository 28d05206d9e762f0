import { EncryptedContentInfo } from '@peculiar/asn1-cms'
import { AsnProp, AsnPropTypes } from '@peculiar/asn1-schema'

/** The part of a container that is encrypted by a password (RFC 5652 §8). */
export class EncryptedData {
  @AsnProp({ type: AsnPropTypes.Integer })
  version: unknown = 0
  @AsnProp({ type: EncryptedContentInfo })
  encryptedContentInfo: EncryptedContentInfo = new EncryptedContentInfo()
}
