import { styleText } from 'node:util'

/** Colours by what they say. */
export interface Paint {
  /** All is well. */
  good(text: string): string
  /** Something is wrong. */
  bad(text: string): string
  /** Something will be wrong before long. */
  soon(text: string): string
  /** What to see first. */
  strong(text: string): string
  /** What need not be read every time. */
  faint(text: string): string
}

/** Real colours, or none: then all texts stay as they are. */
export function paintFor(colors: boolean): Paint {
  return colors ? colored : plain
}

const asIs = (text: string): string => text
const plain: Paint = { good: asIs, bad: asIs, soon: asIs, strong: asIs, faint: asIs }

type Format = Parameters<typeof styleText>[0]

/** Whether there are colours is decided already, for another stream perhaps. */
const styled = (format: Format) => (text: string) =>
  styleText(format, text, { validateStream: false })

const colored: Paint = {
  good: styled('green'),
  bad: styled('red'),
  soon: styled('yellow'),
  strong: styled('bold'),
  faint: styled('dim'),
}
