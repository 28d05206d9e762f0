/**
 * Every function of libgnutls that is called, by its prototype in `gnutls/*.h`: the one place where
 * they are named, for the binding at run time and for the types of {@link GnutlsFunctions} alike.
 *
 * Handles and addresses in C are `uintptr_t`, an {@link Address}, as are datums, which are lent by
 * {@link Memory}; `void *` takes a typed array, for the length of the call, or `null`.
 */
export const prototypes = [
  'const char *gnutls_check_version(const char *required)',
  'const char *gnutls_strerror_name(int error)',
  'const char *gnutls_strerror(int error)',
  'int gnutls_error_is_fatal(int error)',

  'int gnutls_init(void *session, unsigned int flags)',
  'void gnutls_deinit(uintptr_t session)',
  'void gnutls_transport_set_ptr2(uintptr_t session, uintptr_t pull, uintptr_t push)',
  'void gnutls_transport_set_push_function(uintptr_t session, Push *f)',
  'void gnutls_transport_set_pull_function(uintptr_t session, Pull *f)',
  'void gnutls_transport_set_pull_timeout_function(uintptr_t session, PullTimeout *f)',
  'void gnutls_transport_set_errno(uintptr_t session, int err)',
  'int gnutls_priority_init(void *priority, const char *priorities, void *errPos)',
  'void gnutls_priority_deinit(uintptr_t priority)',
  'int gnutls_priority_set(uintptr_t session, uintptr_t priority)',

  'int gnutls_certificate_allocate_credentials(void *cred)',
  'void gnutls_certificate_free_credentials(uintptr_t cred)',
  'void gnutls_certificate_set_retrieve_function2(uintptr_t cred, Retrieve *f)',
  'int gnutls_certificate_set_x509_trust_mem(uintptr_t cred, datum *ca, int format)',
  'int gnutls_credentials_set(uintptr_t session, int type, uintptr_t cred)',
  'void gnutls_certificate_server_set_request(uintptr_t session, int request)',
  'uintptr_t gnutls_certificate_get_peers(uintptr_t session, void *count)',
  'int gnutls_certificate_verify_peers(uintptr_t session, typedData *data, unsigned int elements, void *status)',
  'int gnutls_pcert_list_import_x509_raw(uintptr_t pcerts, void *count, datum *data, int format, unsigned int flags)',
  'void gnutls_pcert_deinit(uintptr_t pcert)',
  'int gnutls_privkey_init(void *key)',
  'void gnutls_privkey_deinit(uintptr_t key)',
  'int gnutls_privkey_import_x509_raw(uintptr_t key, datum *data, int format, const char *password, unsigned int flags)',

  'int gnutls_handshake(uintptr_t session)',
  'void gnutls_handshake_set_hook_function(uintptr_t session, unsigned int type, int when, Hook *f)',
  'int gnutls_bye(uintptr_t session, int how)',
  'intptr_t gnutls_record_send(uintptr_t session, void *data, size_t size)',
  'intptr_t gnutls_record_recv(uintptr_t session, void *data, size_t size)',
  'intptr_t gnutls_record_set_max_size(uintptr_t session, size_t size)',
  'int gnutls_record_get_state(uintptr_t session, unsigned int read, void *macKey, void *iv, void *key, void *sequence)',
  'int gnutls_record_set_state(uintptr_t session, unsigned int read, void *sequence)',
  'int gnutls_alert_get(uintptr_t session)',
  'int gnutls_alert_send(uintptr_t session, int level, int description)',
  'int gnutls_alert_send_appropriate(uintptr_t session, int error)',

  'int gnutls_session_get_data2(uintptr_t session, void *data)',
  'int gnutls_session_set_data(uintptr_t session, void *data, size_t size)',
  'unsigned int gnutls_session_get_flags(uintptr_t session)',
  'int gnutls_session_is_resumed(uintptr_t session)',
  'int gnutls_session_get_id2(uintptr_t session, void *id)',
  'void gnutls_session_get_random(uintptr_t session, void *client, void *server)',
  'void gnutls_session_get_master_secret(uintptr_t session, void *secret)',
  'int gnutls_session_ticket_enable_server(uintptr_t session, datum *key)',

  'int gnutls_alpn_set_protocols(uintptr_t session, datum *protocols, unsigned int count, unsigned int flags)',
  'int gnutls_alpn_get_selected_protocol(uintptr_t session, void *protocol)',
  'int gnutls_server_name_set(uintptr_t session, int type, void *name, size_t length)',
  'int gnutls_protocol_get_version(uintptr_t session)',
  'const char *gnutls_ciphersuite_get(uintptr_t session)',
  'int gnutls_cipher_get(uintptr_t session)',
  'int gnutls_group_get(uintptr_t session)',
  'int gnutls_prf_hash_get(uintptr_t session)',
  'size_t gnutls_cipher_get_key_size(int cipher)',
  'size_t gnutls_cipher_get_tag_size(int cipher)',
  'int gnutls_session_channel_binding(uintptr_t session, int type, void *binding)',
  'int gnutls_prf_rfc5705(uintptr_t session, size_t labelSize, void *label, size_t contextSize, void *context, size_t outSize, void *out)',
  'void gnutls_session_set_keylog_function(uintptr_t session, KeyLog *f)',
  'int gnutls_ocsp_status_request_enable_client(uintptr_t session, void *id, size_t size, void *extensions)',
  'int gnutls_ocsp_status_request_get2(uintptr_t session, unsigned int index, void *response)',
  'void gnutls_ext_set_data(uintptr_t session, unsigned int type, uintptr_t data)',

  'void gnutls_dtls_set_timeouts(uintptr_t session, unsigned int retransmission, unsigned int total)',
  'unsigned int gnutls_dtls_get_timeout(uintptr_t session)',
  'void gnutls_dtls_set_mtu(uintptr_t session, unsigned int mtu)',
  'unsigned int gnutls_dtls_get_data_mtu(uintptr_t session)',
  'int gnutls_dtls_cookie_send(datum *key, void *client, size_t size, void *prestate, uintptr_t ptr, Push *f)',
  'int gnutls_dtls_cookie_verify(datum *key, void *client, size_t size, void *message, size_t messageSize, void *prestate)',
  'void gnutls_dtls_prestate_set(uintptr_t session, void *prestate)',

  'int gnutls_hash_fast(int digest, void *text, size_t size, void *out)',
  'int gnutls_hkdf_expand(int mac, datum *key, datum *info, void *out, size_t size)',
  'int gnutls_aead_cipher_init(void *handle, int cipher, datum *key)',
  'int gnutls_aead_cipher_encrypt(uintptr_t handle, void *nonce, size_t nonceSize, void *aad, size_t aadSize, size_t tagSize, void *in, size_t size, void *out, void *outSize)',
  'int gnutls_aead_cipher_decrypt(uintptr_t handle, void *nonce, size_t nonceSize, void *aad, size_t aadSize, size_t tagSize, void *in, size_t size, void *out, void *outSize)',
  'void gnutls_aead_cipher_deinit(uintptr_t handle)',
] as const

/**
 * What is needed for tokens. A libgnutls that was built without p11-kit lacks some of it, and can do all
 * the rest.
 */
export const tokenPrototypes = [
  'int gnutls_pkcs11_init(unsigned int flags, const char *config)',
  'int gnutls_pkcs11_add_provider(const char *name, const char *parameters)',
  'int gnutls_x509_crt_list_import_url(void *certs, void *size, const char *url, Pin *f, uintptr_t userdata, unsigned int flags)',
  'int gnutls_x509_crt_export2(uintptr_t cert, int format, void *out)',
  'void gnutls_x509_crt_deinit(uintptr_t cert)',
  'void gnutls_privkey_set_pin_function(uintptr_t key, Pin *f, uintptr_t userdata)',
  'int gnutls_privkey_import_url(uintptr_t key, const char *url, unsigned int flags)',
  'int gnutls_privkey_status(uintptr_t key)',
  'int gnutls_privkey_sign_data2(uintptr_t key, int algorithm, unsigned int flags, datum *data, void *signature)',
  'int gnutls_pubkey_init(void *key)',
  'void gnutls_pubkey_deinit(uintptr_t key)',
  'int gnutls_pubkey_import_x509_raw(uintptr_t key, datum *data, int format, unsigned int flags)',
  'int gnutls_pubkey_verify_data2(uintptr_t key, int algorithm, unsigned int flags, datum *data, datum *signature)',
  'int gnutls_sign_get_id(const char *name)',
] as const

/** Prototypes of what libgnutls calls back. */
export const callbackPrototypes = {
  Push: 'intptr_t Push(uintptr_t ptr, uintptr_t data, size_t size)',
  Pull: 'intptr_t Pull(uintptr_t ptr, uintptr_t data, size_t size)',
  PullTimeout: 'int PullTimeout(uintptr_t ptr, unsigned int ms)',
  Hook: 'int Hook(uintptr_t session, unsigned int type, unsigned int when, unsigned int incoming, uintptr_t message)',
  Pin: 'int Pin(uintptr_t userdata, int attempt, const char *token, const char *label, unsigned int flags, uintptr_t pin, size_t size)',
  KeyLog: 'int KeyLog(uintptr_t session, const char *label, uintptr_t secret)',
  Retrieve:
    'int Retrieve(uintptr_t session, uintptr_t names, int nameCount, uintptr_t algorithms, int algorithmCount, uintptr_t certificates, uintptr_t certificateCount, uintptr_t key)',
} as const

/** Names of the callbacks. */
export type CallbackName = keyof typeof callbackPrototypes

/** The oldest libgnutls with all of {@link prototypes}: `gnutls_ciphersuite_get` is that young. */
export const OLDEST_VERSION = '3.7.4'

/**
 * A handle, or where something is in C's memory. It comes as a number, and as a bigint where it is above
 * 2^53: some machines tag their addresses.
 */
export type Address = number | bigint

/** Memory of ours. A `DataView` is none: in Deno koffi does not take it. */
export type TypedArray = Uint8Array | Uint32Array | BigUint64Array

/** The functions, each by its name without `gnutls_`. */
export type GnutlsFunctions = FunctionsOf<typeof prototypes>

/** The functions for tokens, in the same way. */
export type TokenFunctions = FunctionsOf<typeof tokenPrototypes>

type FunctionsOf<List extends readonly string[]> = {
  readonly [P in List[number] as NameIn<P>]: (...args: ArgumentsIn<P>) => ResultIn<P>
}

type NameIn<P extends string> = P extends `${string}gnutls_${infer Name}(${string}` ? Name : never

type ResultIn<P extends string> = P extends `const char *${string}`
  ? string | null
  : P extends `void ${string}`
    ? undefined
    : P extends `uintptr_t ${string}`
      ? Address
      : number

type ArgumentsIn<P extends string> = P extends `${string}(${infer List})` ? Arguments<List> : never

type Arguments<List extends string> = List extends `${infer First}, ${infer Rest}`
  ? [Argument<First>, ...Arguments<Rest>]
  : [Argument<List>]

type Argument<A extends string> = A extends `const char *${string}`
  ? string | null
  : A extends `void *${string}`
    ? TypedArray | null
    : A extends `${CallbackName} *${string}`
      ? bigint | null
      : A extends `${'datum *' | 'typedData *' | 'uintptr_t '}${string}`
        ? Address
        : number

/** A prototype in parts. */
export interface Prototype {
  readonly name: string
  readonly result: string
  readonly parameters: readonly string[]
}

/** Takes a prototype apart: the types stay text, the names of parameters go. */
export function parsePrototype(text: string): Prototype {
  const [, result = '', name = '', list = ''] = /^(.+?)(\w+)\((.*)\)$/.exec(text) ?? []
  const parameters = list.split(', ').map((one) => one.replace(/\w+$/, '').trim())
  return { name, result: result.trim(), parameters }
}
