/** Bytes per write, for every contender and the server. */
export const CHUNK_SIZE = 65_536
