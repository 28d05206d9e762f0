import { deriveSecret, earlySecret, nextSecret } from './key-schedule.js'

/** What both directions are encrypted with, and what comes next. */
export interface HandshakeSecrets {
  readonly client: Uint8Array
  readonly server: Uint8Array
  readonly master: Uint8Array
}

/** What application data is encrypted with, and keying material exported from. */
export interface ApplicationSecrets {
  readonly client: Uint8Array
  readonly server: Uint8Array
  readonly exporter: Uint8Array
}

/** The secrets after a ServerHello (RFC 8446 §7.1). */
export async function handshakeSecrets(
  psk: Uint8Array | undefined,
  shared: Uint8Array,
  hellos: Uint8Array,
): Promise<HandshakeSecrets> {
  const secret = await nextSecret(await earlySecret(psk), shared)
  const [client, server, master] = await Promise.all([
    deriveSecret(secret, 'c hs traffic', hellos),
    deriveSecret(secret, 's hs traffic', hellos),
    nextSecret(secret),
  ])
  return { client, server, master }
}

/** The secrets after the server's Finished (RFC 8446 §7.1). */
export async function applicationSecrets(
  master: Uint8Array,
  messages: Uint8Array,
): Promise<ApplicationSecrets> {
  const [client, server, exporter] = await Promise.all([
    deriveSecret(master, 'c ap traffic', messages),
    deriveSecret(master, 's ap traffic', messages),
    deriveSecret(master, 'exp master', messages),
  ])
  return { client, server, exporter }
}
