/** A chunk cut into its records; one that is not whole stays at the end. */
export function recordsIn(chunk: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = []
  for (let at = 0; at < chunk.length; ) {
    const end = at + 5 + (((chunk[at + 3] ?? 0) << 8) | (chunk[at + 4] ?? 0))
    records.push(chunk.subarray(at, end))
    at = end
  }
  return records
}
