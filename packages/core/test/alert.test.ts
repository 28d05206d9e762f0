import { alertNumber, errorForAlert } from '@tlsio/core/backend'
import test from 'ava'

test('alert/by-name-and-by-number', (t) => {
  t.is(alertNumber('unknown_ca'), 48)
  t.is(alertNumber('no_such_alert'), undefined)
  const cause = new Error('from the engine')
  const error = errorForAlert(48, cause)
  t.is(error.code, 'TLS_BAD_CERTIFICATE')
  t.is(error.alert, 48)
  t.is(error.cause, cause)
  t.regex(error.message, /unknown_ca/)
})

test('alert/unregistered-one-keeps-its-number', (t) => {
  const error = errorForAlert(255)
  t.is(error.code, 'TLS_MISC')
  t.is(error.alert, 255)
  t.regex(error.message, /number 255/)
})
