/**
 * Whether a client connection uses the session store; see `TlsClientConnection.sessionResumption`.
 */
export type SessionResumption = 'automatic' | 'off'
