/** One block of a PEM text (RFC 7468): its label and its bytes. */
export interface PemBlock {
  readonly label: string
  readonly der: Uint8Array
  /** The block as it stood, with LF line ends. */
  readonly text: string
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n?([\s\S]*?)-----END \1-----/g

/** All blocks of a PEM text in order; whatever stands between them is left out. */
export function parsePem(text: string): PemBlock[] {
  const blocks: PemBlock[] = []
  for (const [whole, label, body] of text.matchAll(block)) {
    const base64 = (body as string).replace(/\s+/g, '')
    blocks.push({
      label: label as string,
      der: bytesFromBase64(base64),
      text: `${whole.replace(/\r\n?/g, '\n')}\n`,
    })
  }
  return blocks
}

/** Bytes as PEM in lines of 64 characters. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = base64FromBytes(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** @throws if `text` is not base64. */
function bytesFromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function base64FromBytes(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
