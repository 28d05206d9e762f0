import type { TracedEnd, TraceSide, WireTrace } from '../wire/trace.js'
import { type Flight, type RecordBox, stepsOf, type TimelineStep } from './flights.js'
import { type Html, html } from './html.js'

/**
 * A handshake as a drawing: two lifelines, and between them what each end sends, from top to bottom.
 * Gaps in time are drawn by their order of magnitude, or a pause would push all else out of sight.
 */
export function timeline(trace: WireTrace): Html {
  const steps = stepsOf(trace)
  const { drawn, height } = layOut(steps)
  const label = `${steps.length} steps between client and server; listed below`
  return html`<svg class="timeline" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<g class="lifelines">
<text x="${lifeline.client}" y="14" text-anchor="middle">client</text>
<text x="${lifeline.server}" y="14" text-anchor="middle">server</text>
<line x1="${lifeline.client}" y1="22" x2="${lifeline.client}" y2="${height - 4}"/>
<line x1="${lifeline.server}" y1="22" x2="${lifeline.server}" y2="${height - 4}"/>
</g>
<text class="time" x="${timeRight}" y="14" text-anchor="end">ms</text>
<line class="scale" x1="${timeRight + 6}" y1="22" x2="${timeRight + 6}" y2="${height - 4}"/>
${drawn}</svg>`
}

function layOut(steps: readonly TimelineStep[]): { drawn: readonly Html[]; height: number } {
  const drawn: Html[] = []
  let y = 30
  let last: number | undefined
  for (const step of steps) {
    const at = step.kind === 'flight' ? step.sentAt : step.end.at
    y += gap(last === undefined ? 0 : at - last)
    drawn.push(step.kind === 'flight' ? flight(step, y) : end(step.end, y))
    y += step.kind === 'flight' ? step.boxes.length * boxPitch + arrowHeight : endHeight
    last = step.kind === 'flight' ? (step.receivedAt ?? at) : at
  }
  return { drawn, height: y + 12 }
}

/** 6 for no time at all, 6 more for each power of ten above 0.1 ms. */
function gap(milliseconds: number): number {
  return 6 + 6 * Math.min(5, Math.max(0, Math.log10(Math.max(milliseconds, 0.1)) + 1))
}

function flight({ from, sentAt, receivedAt, boxes }: Flight, y: number): Html {
  const [tail, tip] = from === 'client' ? [left, right] : [right, left]
  const top = y + boxes.length * boxPitch + 6
  const bottom = top + 8
  const back = from === 'client' ? -8 : 8
  const arrow = `M${tail} ${top}L${tip} ${bottom}M${tip + back} ${bottom - 5}L${tip} ${bottom}L${tip + back} ${bottom + 4}`
  const lost = `M${tail} ${top}L${(tail + tip) / 2} ${top + 4}m-4 -4l8 8m0 -8l-8 8`
  return html`<g class="flight ${from}">${tick(sentAt, y + 13)}
${boxes.map((box, at) => boxDrawing(box, y + at * boxPitch))}
<path class="${receivedAt === null ? 'arrow lost' : 'arrow'}" d="${receivedAt === null ? lost : arrow}"/>
${receivedAt === null ? html`<text class="note" x="${tip}" y="${bottom + 2}" text-anchor="${from === 'client' ? 'end' : 'start'}">never read as a whole</text>` : tick(receivedAt, bottom + 4)}
</g>
`
}

function boxDrawing({ look, label, length }: RecordBox, y: number): Html {
  return html`<g class="record ${look}"><rect x="${boxLeft}" y="${y}" width="${boxWidth}" height="${boxPitch - 3}" rx="4"/><text x="${boxLeft + 8}" y="${y + 13}">${short(label)}</text><text class="length" x="${boxLeft + boxWidth - 8}" y="${y + 13}" text-anchor="end">${length} B</text></g>`
}

function end({ from, how, at }: TracedEnd, y: number): Html {
  const x = lifeline[from]
  const [anchor, textX] = from === 'client' ? ['start', x + 12] : ['end', x - 12]
  return html`<g class="end">${tick(at, y + 12)}<path d="M${x - 7} ${y + 8}h14"/><text x="${textX}" y="${y + 12}" text-anchor="${anchor}">${endWords(from, how)}</text></g>
`
}

/** What an end did. */
export function endWords(from: TraceSide, how: TracedEnd['how']): string {
  if (how === 'close-write') return `${from} ends its direction`
  return how === 'close' ? `${from} closes the stream` : `${from} aborts the stream`
}

function tick(milliseconds: number, y: number): Html {
  return html`<text class="time" x="${timeRight}" y="${y}" text-anchor="end">${milliseconds.toFixed(1)}</text><line class="scale" x1="${timeRight + 3}" y1="${y - 4}" x2="${timeRight + 9}" y2="${y - 4}"/>`
}

function short(label: string): string {
  return label.length <= longest ? label : `${label.slice(0, longest - 1)}…`
}

const width = 440
const timeRight = 44
const lifeline = { client: 76, server: 418 } as const
const left = lifeline.client + 3
const right = lifeline.server - 3
const boxLeft = lifeline.client + 14
const boxWidth = lifeline.server - lifeline.client - 28
const boxPitch = 22
const arrowHeight = 24
const endHeight = 18
const longest = 36
