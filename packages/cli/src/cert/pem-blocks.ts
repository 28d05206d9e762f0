/**
 * All blocks with a label in a text (RFC 7468), each as it stands. Others, keys above all, are not
 * looked at.
 */
export function pemBlocks(text: string, label: string): string[] {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`]
  const blocks: string[] = []
  let from = text.indexOf(begin)
  while (from >= 0) {
    const to = text.indexOf(end, from)
    if (to < 0) break
    blocks.push(text.slice(from, to + end.length))
    from = text.indexOf(begin, to)
  }
  return blocks
}

/** What is in a block. What is no base64 is left out: whoever reads the result sees that. */
export function bytesOfBlock(block: string): Uint8Array {
  const body = block.replace(/-----(?:BEGIN|END) [^-]*-----/g, '')
  return new Uint8Array(Buffer.from(body, 'base64'))
}
