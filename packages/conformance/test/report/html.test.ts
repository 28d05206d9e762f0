import test from 'ava'
import { Html, html, proseOf } from '#src/report/html.js'

test('html/values-cannot-become-markup', (t) => {
  const hostile = `<img src=x onerror="alert(1)"> & 'so on'`
  const { text } = html`<p title="${hostile}">${hostile}</p>`
  const escaped = '&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#38; &#39;so on&#39;'
  t.is(text, `<p title="${escaped}">${escaped}</p>`)
})

test('html/markup-lists-and-nothing', (t) => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  t.is(
    html`<ul>${items}</ul>${null}${undefined}${7}`.text,
    '<ul><li>a</li><li>&#60;b&#62;</li></ul>7',
  )
  t.is(html`${new Html('<hr>')}`.text, '<hr>')
})

test('html/code-in-prose', (t) => {
  t.is(
    html`${proseOf('gives `null` for <this>')}`.text,
    'gives <code>null</code> for &#60;this&#62;',
  )
})
