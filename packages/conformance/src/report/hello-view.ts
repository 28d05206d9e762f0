import type { TracedClientHello, TracedServerHello } from '../wire/trace.js'
import { cipherSuiteName, extensionName, groupName, versionName } from '../wire/wire-names.js'
import { type Html, type HtmlValue, html } from './html.js'

/** What a ClientHello says. */
export function clientHelloView(hello: TracedClientHello, title: string): Html {
  const { serverName, protocols, cipherSuites, groups, extensions } = hello
  return html`<details class="hello" open><summary>${title}</summary><dl>
${entry('Versions', hello.versions.map(versionName).join(', '))}
${entry('Server name', serverName ?? none)}
${entry('ALPN', protocols.length > 0 ? protocols.join(', ') : none)}
${entry('Resumption', offers(hello).join('; '))}
${entry(`Cipher suites (${cipherSuites.length})`, list(cipherSuites.map(cipherSuiteName)))}
${entry(`Groups (${groups.length})`, groups.length > 0 ? list(groups.map(groupName)) : none)}
${entry(`Extensions (${extensions.length})`, list(extensions.map(extensionName)))}
</dl></details>`
}

/** What a ServerHello says. */
export function serverHelloView(hello: TracedServerHello): Html {
  const { version, cipherSuite, selectedPsk, sessionId, isRetryRequest } = hello
  const title = isRetryRequest ? 'HelloRetryRequest' : 'ServerHello'
  const psk = selectedPsk === null ? 'no ticket of TLS 1.3' : `ticket ${selectedPsk + 1}`
  return html`<details class="hello"><summary>${title}</summary><dl>
${entry('Version', versionName(version))}
${entry('Cipher suite', cipherSuiteName(cipherSuite))}
${entry('Resumes', `${psk}; session ID of ${sessionId} bytes`)}
</dl></details>`
}

const none = 'none'

function entry(name: string, value: HtmlValue): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function list(names: readonly string[]): Html {
  const items = html`<ul>${names.map((name) => html`<li>${name}</li>`)}</ul>`
  if (names.length <= 12) return items
  return html`<details><summary>${names[0]}, …</summary>${items}</details>`
}

/** How it offers to resume, and what it asks for; lengths only. */
function offers(hello: TracedClientHello): readonly string[] {
  const { preSharedKeys, sessionTicket, sessionId, versions, earlyData } = hello
  const words: string[] = []
  if (preSharedKeys.length > 0) {
    words.push(`offers ${preSharedKeys.length} of TLS 1.3 (${preSharedKeys.join(', ')} bytes)`)
  }
  if (sessionTicket !== null) {
    words.push(
      sessionTicket === 0 ? 'asks for a ticket' : `offers a ticket (${sessionTicket} bytes)`,
    )
  }
  if (sessionId > 0) {
    // With TLS 1.3 on offer and no ticket, the ID is random (RFC 8446 Appendix D.4).
    const why = versions.includes(0x0304) && !sessionTicket ? ', for middleboxes' : ''
    words.push(`session ID of ${sessionId} bytes${why}`)
  }
  if (earlyData) words.push('early data follows')
  return words.length > 0 ? words : ['offers nothing, asks for nothing']
}
