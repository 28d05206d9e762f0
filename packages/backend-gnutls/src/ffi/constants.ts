/** Numbers of `gnutls/gnutls.h`, by their names there less the prefix. */

/** Flags of `gnutls_init`. */
export const Init = {
  SERVER: 1,
  CLIENT: 2,
  DATAGRAM: 4,
  NONBLOCK: 8,
  NO_TICKETS: 0x400,
  /** Shares of how many groups a client sends at once. */
  KEY_SHARE_TOP: 0x800,
  KEY_SHARE_TOP2: 0x1000,
  /** From 3.8.0 on. */
  NO_STATUS_REQUEST: 0x100_0000,
} as const

/** Return values that mean something to us; all others are names in messages. */
export const Code = {
  SUCCESS: 0,
  UNSUPPORTED_VERSION_PACKET: -8,
  UNEXPECTED_PACKET_LENGTH: -9,
  FATAL_ALERT_RECEIVED: -12,
  UNEXPECTED_PACKET: -15,
  WARNING_ALERT_RECEIVED: -16,
  UNEXPECTED_HANDSHAKE_PACKET: -19,
  UNKNOWN_CIPHER_SUITE: -21,
  AGAIN: -28,
  INSUFFICIENT_CREDENTIALS: -32,
  REHANDSHAKE: -37,
  CERTIFICATE_ERROR: -43,
  NO_CERTIFICATE_FOUND: -49,
  INVALID_REQUEST: -50,
  INTERRUPTED: -52,
  REQUESTED_DATA_NOT_AVAILABLE: -56,
  CERTIFICATE_KEY_MISMATCH: -60,
  UNKNOWN_PK_ALGORITHM: -80,
  NO_CIPHER_SUITES: -87,
  CONSTRAINT_ERROR: -101,
  UNSUPPORTED_SIGNATURE_ALGORITHM: -106,
  CERTIFICATE_REQUIRED: -112,
  INSUFFICIENT_SECURITY: -217,
  PKCS11_PIN_ERROR: -303,
  PKCS11_DEVICE_ERROR: -308,
  PKCS11_UNSUPPORTED_FEATURE_ERROR: -310,
  PKCS11_PIN_EXPIRED: -312,
  PKCS11_PIN_LOCKED: -313,
  PKCS11_USER_ERROR: -317,
  PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE: -323,
  SESSION_EOF: -328,
  NO_APPLICATION_PROTOCOL: -344,
  INAPPROPRIATE_FALLBACK: -347,
  RECORD_OVERFLOW: -417,
  INCOMPATIBLE_SIG_WITH_KEY: -419,
  NO_COMMON_KEY_SHARE: -423,
  UNIMPLEMENTED_FEATURE: -1250,
} as const

/** `gnutls_protocol_t`. */
export const Version = { TLS1_2: 4, TLS1_3: 5, DTLS1_2: 202 } as const

/** `gnutls_handshake_description_t`; but for the first, as in the RFCs. */
export const Message = {
  SERVER_HELLO: 2,
  NEW_SESSION_TICKET: 4,
  ENCRYPTED_EXTENSIONS: 8,
  CERTIFICATE: 11,
  SERVER_KEY_EXCHANGE: 12,
  CERTIFICATE_REQUEST: 13,
  CERTIFICATE_STATUS: 22,
} as const

/** When a hook is called. */
export const Hook = { BEFORE: 0, BOTH: -1 } as const

/** `gnutls_group_t`. */
export const GROUP_X25519 = 6

/** `gnutls_credentials_type_t`. */
export const CREDENTIALS_CERTIFICATE = 1

/** `gnutls_certificate_request_t`. */
export const Request = { REQUEST: 1, REQUIRE: 2 } as const

/** `gnutls_x509_crt_fmt_t`. */
export const Format = { DER: 0, PEM: 1 } as const

/** `gnutls_close_request_t`: our direction only. */
export const SHUT_WRITE = 1

/** `gnutls_server_name_type_t`. */
export const NAME_DNS = 1

/** `gnutls_session_flags_t`. */
export const SESSION_HAS_TICKET = 0x80

/** `gnutls_channel_binding_t`. */
export const BINDING_TLS_UNIQUE = 0

/** `gnutls_digest_algorithm_t`. */
export const Digest = { SHA256: 6, SHA512: 8 } as const

/** `gnutls_vdata_types_t`. */
export const DATA_KEY_PURPOSE = 2

/** `gnutls_pin_flag_t`. */
export const PinFlag = {
  USER: 1,
  SO: 2,
  FINAL_TRY: 4,
  COUNT_LOW: 8,
  CONTEXT_SPECIFIC: 16,
  WRONG: 32,
} as const

/** Flags of `gnutls_pkcs11_init`: only the modules that are added, or those of the system. */
export const Modules = { MANUAL: 0, AUTO: 1 } as const

/** `GNUTLS_PKCS11_OBJ_FLAG_LOGIN`: what is hidden without the PIN, too. */
export const OBJECT_LOGIN = 1

/** Numbers of alerts and of their levels (RFC 8446 §6). */
export const Alert = {
  WARNING: 1,
  FATAL: 2,
  CLOSE_NOTIFY: 0,
  UNEXPECTED_MESSAGE: 10,
  HANDSHAKE_FAILURE: 40,
  INTERNAL_ERROR: 80,
  NO_RENEGOTIATION: 100,
} as const

/** Most plaintext of a record (RFC 8446 §5.1). */
export const MOST_PLAINTEXT = 16_384

/** `sizeof (gnutls_pcert_st)`. */
export const PCERT_SIZE = 32

/** `gnutls_cipher_algorithm_t`: none yet. */
export const CIPHER_NULL = 1
