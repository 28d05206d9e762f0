import type { RequirementGroup } from '../requirement.js'

export const passwordsRequirements: RequirementGroup = {
  title: 'Passwords and interaction',
  subject: 'core',
  requirements: [
    {
      id: 'password-description-and-flags',
      level: 'must',
      statement:
        'A password starts with the flags and the description it is given, by default none and an empty one, and without a value. Both can be set; bits without a meaning are refused and change nothing.',
      source:
        'GIO g_tls_password_new(), g_tls_password_set_flags(), g_tls_password_set_description()',
      cases: ['password/new', 'password/flags', 'password/description'],
    },
    {
      id: 'password-changes-told',
      level: 'must',
      statement:
        'Setting the flags, the description or the warning of a password is told by an event of that name; setting its value is not.',
      source: 'GIO GTlsPassword: flags, description and warning notify when they are set',
      cases: ['password/changes-are-told'],
    },
    {
      id: 'password-warning-by-flags',
      level: 'must',
      statement:
        'The warning of a password is the one that was set, until it is taken back. Otherwise it follows from the flags: FINAL_TRY before MANY_TRIES before RETRY, and none without these.',
      source: 'GIO g_tls_password_get_warning(), g_tls_password_set_warning()',
      cases: ['password/warning/by-the-flags', 'password/warning/as-set'],
    },
    {
      id: 'password-overridable',
      level: 'must',
      statement:
        'A subclass may keep the value elsewhere, and give other warnings: what it overrides is what counts.',
      source: 'GIO GTlsPasswordClass.get_value, set_value, get_default_warning',
      cases: ['password/warning/overridden', 'password/value/kept-elsewhere'],
    },
    {
      id: 'password-value-as-given',
      level: 'must',
      statement:
        'The value of a password is a copy of the bytes given, all of them, zeros too, or text in UTF-8. Anything else is refused and changes nothing.',
      source: 'GIO g_tls_password_set_value()',
      cases: [
        'password/value/bytes-are-copied',
        'password/value/zeros-are-kept',
        'password/value/text-is-utf-8',
      ],
    },
    {
      id: 'password-erased',
      level: 'must',
      statement:
        'The bytes of a password turn into zeros when it is cleared, when it gets another value, and once what asked for it has used it, whatever came of that.',
      source: 'GIO g_tls_password_set_value_full(): releases the former value; TlsPassword.clear()',
      cases: [
        'password/value/former-one-is-erased',
        'password/value/cleared',
        'interaction/passwords/erased-after-use',
      ],
    },
    {
      id: 'password-value-secret',
      level: 'must',
      statement: 'The value of a password shows nowhere else: neither in text nor in JSON.',
      source: 'TlsPassword: its value shows nowhere else',
      cases: ['password/value/shown-nowhere'],
    },
    {
      id: 'interaction-held-to-its-word',
      level: 'must',
      statement:
        'An interaction answers handled, and then the password has a value, or unhandled, as does one that answers nothing, and nobody. Any other answer, and handled without a value, is a mistake of the interaction.',
      source: 'GIO g_tls_interaction_ask_password(); GTlsInteractionResult',
      cases: [
        'interaction/ask-password/nobody-handles-it',
        'interaction/ask-password/handled',
        'interaction/ask-password/handled-without-a-value',
        'interaction/ask-password/unhandled',
        'interaction/ask-password/other-answers-are-a-mistake',
      ],
    },
    {
      id: 'interaction-failure-and-abort-passed-on',
      level: 'must',
      statement:
        'What an interaction rejects with is passed on as it is. An abort rejects with its reason at once, is told to who was asked, and nobody is asked after it.',
      source: 'GIO G_TLS_INTERACTION_FAILED; g_tls_interaction_ask_password(): cancellable',
      cases: [
        'interaction/ask-password/failed',
        'interaction/ask-password/cancelled',
        'interaction/encrypted-pem/failed-or-cancelled',
        'interaction/pkcs12/failed-or-cancelled',
      ],
    },
    {
      id: 'password-asked-again-when-wrong',
      level: 'must',
      statement:
        'Who can tell that a password is wrong asks again, a bounded number of times. The flags say so: RETRY after a wrong one, MANY_TRIES when few are left, FINAL_TRY for the last one and after five, beside the kind of PIN.',
      source: 'GIO GTlsPasswordFlags, as glib-networking sets them for PINs',
      cases: [
        'interaction/passwords/right-at-once',
        'interaction/passwords/asked-again-when-wrong',
        'interaction/passwords/last-try',
        'interaction/passwords/after-five-each-may-be-the-last',
        'interaction/passwords/kind-of-pin',
        'interaction/encrypted-pem/asked-again-when-wrong',
        'interaction/pkcs12/asked-again-when-wrong',
      ],
    },
    {
      id: 'password-asked-when-needed',
      level: 'must',
      statement:
        'If something is encrypted and no password was given, the interaction is asked for one and told what for. If nobody gives one, that is TLS_BAD_CERTIFICATE_PASSWORD.',
      source: 'GIO g_tls_interaction_ask_password(); G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD',
      cases: [
        'interaction/passwords/nobody-gives-one',
        'interaction/encrypted-pem/asked-when-it-is-needed',
        'interaction/encrypted-pem/nobody-gives-one',
        'interaction/pkcs12/asked-when-it-is-needed',
        'interaction/pkcs12/nobody-gives-one',
      ],
    },
    {
      id: 'password-not-asked-without-need',
      level: 'must',
      statement:
        'The interaction is not asked if a password was given, right or wrong, if nothing is encrypted, or if what is to be opened is damaged.',
      source: 'GIO g_tls_interaction_ask_password(), of who opens what is encrypted',
      cases: [
        'interaction/encrypted-pem/not-asked-with-a-password',
        'interaction/pkcs12/not-asked-with-a-password',
        'interaction/not-asked-without-need',
        'interaction/not-asked-about-what-is-damaged',
      ],
    },
  ],
}
