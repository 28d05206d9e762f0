/** SHA-256 in lower-case hexadecimal. */
export async function sha256(data: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
