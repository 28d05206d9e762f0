import type { WireTrace } from '../wire/trace.js'
import { describeRecords } from './flights.js'
import { clientHelloView, serverHelloView } from './hello-view.js'
import { type Html, html } from './html.js'
import { endWords, timeline } from './timeline.js'

/** What went over one pair of streams: the drawing, the hellos, and the same as a list. */
export function traceView(trace: WireTrace, total: number): Html {
  const { stream, records, ends, omitted, problems } = trace
  const title = total > 1 ? `Stream ${stream}` : 'On the wire'
  if (records.length === 0 && ends.length === 0 && problems.length === 0) {
    return html`<figure class="trace"><figcaption>${title}</figcaption><p>Nothing was sent.</p></figure>`
  }
  return html`<figure class="trace"><figcaption>${title}</figcaption>
${timeline(trace)}
${problems.map(({ from, what }) => html`<p class="note">The ${from} sent what is no TLS: ${what}.</p>`)}
${omitted > 0 ? html`<p class="note">${omitted} records in between are left out.</p>` : null}
${hellos(trace)}
<details class="hello"><summary>As a list</summary>${recordList(trace)}</details>
</figure>`
}

function hellos({ records }: WireTrace): readonly Html[] {
  const clientHellos = records.filter(({ clientHello }) => clientHello !== null)
  return records.flatMap((record) => {
    const { clientHello, serverHello } = record
    const at = clientHellos.indexOf(record)
    return [
      ...(clientHello
        ? [clientHelloView(clientHello, at > 0 ? `ClientHello ${at + 1}` : 'ClientHello')]
        : []),
      ...(serverHello ? [serverHelloView(serverHello)] : []),
    ]
  })
}

function recordList({ records, ends }: WireTrace): Html {
  const described = describeRecords(records)
  const lines = [
    ...records.map((record) => {
      const { sentAt, receivedAt, from, length } = record
      const read = receivedAt === null ? 'never read' : `read at ${receivedAt.toFixed(1)} ms`
      const what = described.get(record) ?? ''
      return { at: sentAt, text: `${from} sends ${what}, ${length} bytes, ${read}` }
    }),
    ...ends.map(({ at, from, how }) => ({ at, text: endWords(from, how) })),
  ].sort((a, b) => a.at - b.at)
  return html`<ol class="records">${lines.map(({ at, text }) => html`<li><span>${at.toFixed(1)} ms</span> ${text}</li>`)}</ol>`
}
