import { EventEmitter } from 'node:events'
import test from 'ava'
import { processOutput } from '#src/terminal/process-output.js'

/** As much of a stream as is looked at. */
class FakeStream extends EventEmitter {
  readonly written: string[] = []
  write(text: string): boolean {
    this.written.push(text)
    return true
  }
}

class FakeTerminal extends FakeStream {
  readonly isTTY = true
  readonly columns: number
  readonly #colors: boolean

  constructor(colors: boolean, columns = 40) {
    super()
    this.#colors = colors
    this.columns = columns
  }

  hasColors(): boolean {
    return this.#colors
  }
}

const outputOf = (stream: FakeStream) => processOutput(stream as unknown as NodeJS.WriteStream)

test('process-output/a-pipe-has-neither-width-nor-colours', (t) => {
  const stream = new FakeStream()
  const output = outputOf(stream)
  t.is(output.columns, undefined)
  t.false(output.colors)
  output.write('text')
  t.deepEqual(stream.written, ['text'])
})

test('process-output/a-terminal-says-what-it-can', (t) => {
  const { columns, colors } = outputOf(new FakeTerminal(true))
  t.deepEqual({ columns, colors }, { columns: 40, colors: true })
  t.false(outputOf(new FakeTerminal(false)).colors)
  t.is(outputOf(new FakeTerminal(true, 0)).columns, undefined)
})

test('process-output/a-reader-that-leaves-is-no-failure', (t) => {
  const stream = new FakeStream()
  outputOf(stream)
  const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  t.notThrows(() => stream.emit('error', broken))
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  t.throws(() => stream.emit('error', full), { is: full })
})
