// Parts of node-forge are loaded by themselves: all of it is four times as much. Each adds itself to
// the object of the first.
declare module 'node-forge/lib/forge.js' {
  import forge from 'node-forge'

  /** What `@types/node-forge` leaves out. */
  interface Pbe {
    generatePkcs12Key(
      password: string | null,
      salt: forge.util.ByteStringBuffer,
      purpose: number,
      iterations: number,
      length: number,
      hash: forge.md.MessageDigest,
    ): forge.util.ByteStringBuffer
  }
  const parts: Pick<typeof forge, 'cipher' | 'md' | 'rc2' | 'util'> & { readonly pbe: Pbe }
  export default parts
}
declare module 'node-forge/lib/pbe.js'
declare module 'node-forge/lib/sha1.js'
declare module 'node-forge/lib/sha256.js'
declare module 'node-forge/lib/sha512.js'
