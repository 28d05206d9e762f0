/**
 * Secret keys that a server encrypts session tickets with (RFC 5077 §4). Give the same object to
 * several server connections, and a ticket of one is accepted by the others; give each its own, and
 * none is. An FTP server gives one to a control connection and its data connections.
 */
export class TicketKeys {
  readonly #bytes: Uint8Array

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Makes new random keys. */
  static generate(): TicketKeys {
    return new TicketKeys(crypto.getRandomValues(new Uint8Array(TicketKeys.length)))
  }

  /** How many bytes of key material an engine gets. */
  static readonly length: number = 48

  /** For engines only: the key material, {@link TicketKeys.length} bytes. Not to be changed. */
  static bytesOf(keys: TicketKeys): Uint8Array {
    return keys.#bytes
  }
}
