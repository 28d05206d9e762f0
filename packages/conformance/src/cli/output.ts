import { styleText } from 'node:util'

/** Where text goes. */
export interface Output {
  /** Writes text as it is. */
  write(text: string): void
  /** Width in columns; `undefined` if it is no terminal that shows progress. */
  readonly columns: number | undefined
  /** The same text in colour, where there are colours. */
  readonly paint: Paint
}

/** Colours by what they say. */
export type Paint = Readonly<Record<'good' | 'bad' | 'known' | 'strong' | 'faint', Painter>>
type Painter = (text: string) => string

/** Standard output of a process. Logs of CI are no terminals, whatever they say. */
export function processOutput(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  // Whoever reads may have had enough, as `head` has: that is no failure of this program.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const isTerminal = stream.isTTY && !env.CI
  return {
    write: (text) => stream.write(text),
    columns: isTerminal ? stream.columns || 80 : undefined,
    paint: stream.isTTY && stream.hasColors() ? colored : plain,
  }
}

type Format = Parameters<typeof styleText>[0]

/** Whether there are colours is decided already. */
const styled = (format: Format): Painter => {
  return (text) => styleText(format, text, { validateStream: false })
}

const colored: Paint = {
  good: styled('green'),
  bad: styled('red'),
  known: styled('yellow'),
  strong: styled('bold'),
  faint: styled('dim'),
}

/** No colours at all. */
export const plain: Paint = {
  good: String,
  bad: String,
  known: String,
  strong: String,
  faint: String,
}
