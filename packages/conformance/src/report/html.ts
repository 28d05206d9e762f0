/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: text is escaped, lists are joined, `null` is nothing. */
export type HtmlValue = Html | string | number | null | undefined | readonly HtmlValue[]

/** A template whose values cannot become markup; attributes must be in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const texts = values.map((value, at) => `${textOf(value)}${parts[at + 1] ?? ''}`)
  return new Html(`${parts[0] ?? ''}${texts.join('')}`)
}

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return value.map(textOf).join('')
  return escapeText(String(value))
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A text in which what is between backquotes is code. */
export function proseOf(text: string): readonly Html[] {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
