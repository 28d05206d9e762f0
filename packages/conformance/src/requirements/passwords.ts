import type { RequirementGroup } from '../requirement.js'

export const passwordsRequirements: RequirementGroup = {
  title: 'Passwords and interaction',
  requirements: [
    {
      id: 'new',
      level: 'must',
      statement: 'Flags and a description; by default none and an empty one.',
      source: 'GIO g_tls_password_new()',
      cases: ['password/new'],
    },
    {
      id: 'flags',
      level: 'must',
      statement: 'Can be set; bits without a meaning are refused.',
      source: 'GIO GTlsPasswordFlags; g_tls_password_set_flags()',
      cases: ['password/flags'],
    },
    {
      id: 'description',
      level: 'must',
      statement: 'Can be set.',
      source: 'GIO g_tls_password_set_description()',
      cases: ['password/description'],
    },
    {
      id: 'notify',
      level: 'must',
      statement: 'Setting flags, description or warning is told.',
      source: 'GIO GTlsPassword: flags, description and warning notify when they are set',
      cases: ['password/changes-are-told'],
    },
    {
      id: 'warning',
      level: 'must',
      statement:
        'As it was set, else by the flags: `FINAL_TRY` before `MANY_TRIES` before `RETRY`, else none.',
      source:
        'GIO g_tls_password_get_warning(): FINAL_TRY before MANY_TRIES before RETRY, else none',
      cases: ['password/warning/by-the-flags', 'password/warning/as-set'],
    },
    {
      id: 'vfuncs',
      level: 'must',
      statement: 'Value and default warning can be overridden.',
      source: 'GIO GTlsPasswordClass.get_default_warning',
      cases: ['password/warning/overridden', 'password/value/kept-elsewhere'],
    },
    {
      id: 'set-value',
      level: 'must',
      statement: 'Bytes are copied, all of them; text is UTF-8.',
      source: 'GIO g_tls_password_set_value()',
      cases: [
        'password/value/bytes-are-copied',
        'password/value/zeros-are-kept',
        'password/value/text-is-utf-8',
      ],
    },
    {
      id: 'set-value-full',
      level: 'must',
      statement: 'The former value is released, which here is filled with zeros.',
      source: 'GIO g_tls_password_set_value_full(): releases the former value',
      cases: ['password/value/former-one-is-erased', 'password/value/cleared'],
    },
    {
      id: 'secrecy',
      level: 'must',
      statement: 'The value shows nowhere else.',
      source: 'TlsPassword: its value shows nowhere else',
      cases: ['password/value/shown-nowhere'],
    },
    {
      id: 'class',
      level: 'must',
      statement: 'A bare interaction answers `unhandled` to everything, and so does nobody.',
      source: 'GIO GTlsInteraction: a bare one answers UNHANDLED to everything',
      cases: ['interaction/ask-password/nobody-handles-it', 'interaction/ask-password/unhandled'],
    },
    {
      id: 'ask-password',
      level: 'must',
      statement:
        '`handled` means that the password has a value; anything but the two words, and `handled` without one, is a mistake.',
      source: 'GIO g_tls_interaction_ask_password(): HANDLED means that the password has a value',
      cases: [
        'interaction/ask-password/handled',
        'interaction/ask-password/handled-without-a-value',
        'interaction/ask-password/other-answers-are-a-mistake',
      ],
    },
    {
      id: 'failed',
      level: 'must',
      statement: 'A rejection, passed on as it is. It does not end a handshake.',
      source: 'GIO G_TLS_INTERACTION_FAILED',
      cases: ['interaction/ask-password/failed'],
    },
    {
      id: 'cancelled',
      level: 'must',
      statement:
        'An abort rejects with its reason at once, is told to who was asked, and nobody is asked after it.',
      source: 'GIO g_tls_interaction_ask_password(): cancellable',
      cases: ['interaction/ask-password/cancelled'],
    },
    {
      id: 'wrong-before',
      level: 'must',
      statement: 'Whoever can tell that a password is wrong asks again, with `RETRY`.',
      source: 'GIO GTlsPasswordFlags, as glib-networking sets them for PINs',
      cases: ['interaction/passwords/right-at-once'],
    },
    {
      id: 'few-left',
      level: 'must',
      statement: '`MANY_TRIES`.',
      source:
        'GIO GTlsPasswordFlags, as glib-networking sets them for PINs: RETRY after a wrong one, MANY_TRIES when few are left',
      cases: ['interaction/passwords/asked-again-when-wrong'],
    },
    {
      id: 'last-or-more-than-five-attempts',
      level: 'must',
      statement: '`FINAL_TRY`; the number of attempts is bounded.',
      source:
        'GIO GTlsPasswordFlags, as glib-networking sets them for PINs: FINAL_TRY for the last',
      cases: [
        'interaction/passwords/last-try',
        'interaction/passwords/after-five-each-may-be-the-last',
      ],
    },
    {
      id: 'kind-of-pin',
      level: 'must',
      statement: 'Stays beside these flags.',
      source:
        'GIO GTlsPasswordFlags, as glib-networking sets them for PINs: the kind of PIN beside them',
      cases: ['interaction/passwords/kind-of-pin'],
    },
    {
      id: 'nobody-gives-one',
      level: 'must',
      statement: '`TLS_BAD_CERTIFICATE_PASSWORD`, and what for.',
      source: 'GIO G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD',
      cases: ['interaction/passwords/nobody-gives-one'],
    },
    {
      id: 'erased',
      level: 'must',
      statement: 'A password is filled with zeros once it was used, whatever came of it.',
      source: 'TlsPassword.clear(): whatever came of it',
      cases: ['interaction/passwords/erased-after-use'],
    },
    {
      id: 'encrypted-keys',
      level: 'must',
      statement:
        'Whoever opens one asks when a password is needed and none was given, and then as above.',
      source: 'GIO g_tls_interaction_ask_password(), of who opens what is encrypted',
      cases: [
        'interaction/encrypted-pem/asked-when-it-is-needed',
        'interaction/encrypted-pem/asked-again-when-wrong',
        'interaction/encrypted-pem/failed-or-cancelled',
        'interaction/pkcs12/asked-when-it-is-needed',
        'interaction/pkcs12/asked-again-when-wrong',
        'interaction/pkcs12/failed-or-cancelled',
      ],
    },
    {
      id: 'not-asked',
      level: 'must',
      statement: 'With a password, without need, and about what is damaged.',
      source: 'GIO g_tls_interaction_ask_password(), of who opens what is encrypted',
      cases: [
        'interaction/encrypted-pem/not-asked-with-a-password',
        'interaction/pkcs12/not-asked-with-a-password',
        'interaction/not-asked-without-need',
        'interaction/not-asked-about-what-is-damaged',
      ],
    },
    {
      id: 'bad-certificate-password',
      level: 'must',
      statement: 'A file needs another password.',
      source: 'GIO G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD',
      cases: ['interaction/encrypted-pem/nobody-gives-one', 'interaction/pkcs12/nobody-gives-one'],
    },
  ],
}
