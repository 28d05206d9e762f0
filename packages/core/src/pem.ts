/** One whole block of a PEM text (RFC 7468): its label and its bytes. */
export interface PemBlock {
  readonly label: string
  readonly der: Uint8Array
  /** The block as it stood, with LF line ends. */
  readonly text: string
}

/** A block whose end is missing, or whose body is not base64. */
export interface DamagedPemBlock {
  readonly label: string
  readonly der: undefined
  readonly text: string
}

/**
 * All whole blocks of a PEM text in order; whatever stands between them is left out.
 *
 * @throws if the body of one is not base64.
 */
export function parsePem(text: string): PemBlock[] {
  return scan(text)
    .filter(({ isClosed }) => isClosed)
    .map((block) => {
      const read = readBlock(block)
      if (read.der === undefined) throw new Error(`The body of a ${read.label} is not base64.`)
      return read
    })
}

/** All blocks of a PEM text in order, also those that are damaged. */
export function scanPem(text: string): (PemBlock | DamagedPemBlock)[] {
  return scan(text).map(readBlock)
}

/** Bytes as PEM in lines of 64 characters. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = base64FromBytes(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** A block in a text, by the places of its parts. */
interface FoundBlock {
  readonly label: string
  readonly body: string
  readonly whole: string
  readonly isClosed: boolean
}

/** Goes from marker to marker, once: a text may be long and have many that begin and never end. */
function scan(text: string): FoundBlock[] {
  const blocks: FoundBlock[] = []
  let open: { readonly label: string; readonly start: number; readonly body: number } | undefined
  const close = (bodyEnd: number, end: number, isClosed: boolean) => {
    if (open === undefined) return
    const { label, start, body } = open
    const whole = text.slice(start, end)
    blocks.push({ label, body: text.slice(body, bodyEnd), whole, isClosed })
    open = undefined
  }
  for (const { 0: whole, 1: kind, 2: label, index } of text.matchAll(marker)) {
    const end = index + whole.length
    if (kind === 'BEGIN') {
      close(index, index, false)
      open = { label: label as string, start: index, body: end }
    } else close(index, end, open?.label === label)
  }
  close(text.length, text.length, false)
  return blocks
}

function readBlock({ label, body, whole, isClosed }: FoundBlock): PemBlock | DamagedPemBlock {
  const text = `${whole.replace(/\r\n?/g, '\n')}\n`
  return { label, der: isClosed ? bytesFromBase64(body.replace(/\s+/g, '')) : undefined, text } as
    | PemBlock
    | DamagedPemBlock
}

/** `undefined` if `text` is not base64. */
function bytesFromBase64(text: string): Uint8Array | undefined {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    // Its error may show the text, which may be a private key.
    return undefined
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function base64FromBytes(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Longer labels are not in use. */
const marker = /-----(BEGIN|END) ([A-Z0-9 ]{1,64})-----/g
