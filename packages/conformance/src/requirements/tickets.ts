import type { RequirementGroup } from '../requirement.js'

export const ticketsRequirements: RequirementGroup = {
  title: 'Tickets as servers deal with them',
  subject: 'backend',
  requirements: [
    {
      id: 'few-tickets',
      level: 'must',
      statement:
        'A client gets on with whatever number of tickets a server gives, also with none: it offers what it has, each once unasked, and without any makes a full handshake.',
      source: 'RFC 8446 §4.6.1, Appendix C.4',
      cases: [
        'tickets/none/nothing-is-offered',
        'tickets/none/copies-do-without',
        'tickets/one/offered-once-by-the-store',
      ],
    },
    {
      id: 'tickets-of-the-family',
      level: 'should',
      statement:
        'What a connection receives that was copied to is there for later copies from the same source, so that tickets that are good once do not run out.',
      source: 'TlsClientConnection.copySessionState',
      cases: ['tickets/single-use/renewed-by-each-transfer'],
    },
    {
      id: 'tickets-good-once',
      level: 'should',
      statement:
        'With a server that takes each ticket once, as many copies resume as there are tickets.',
      source: 'RFC 8446 §2.2, §4.2.11',
      cases: [
        'tickets/single-use/full-once-all-are-used',
        'tickets/single-use/more-at-the-same-time-than-tickets',
      ],
    },
    {
      id: 'late-tickets',
      level: 'should',
      statement:
        'Tickets count whenever they come, also after data and while nobody reads, and disturb nothing.',
      source: 'RFC 8446 §4.6.1; curl/curl#6149',
      cases: ['tickets/late/copies', 'tickets/late/store', 'tickets/late/write-only-client'],
    },
    {
      id: 'ticket-lifetime',
      level: 'must',
      statement:
        'No ticket is offered after the lifetime that its server gave it, by the store or by a copy; a lifetime of zero is over at once.',
      source: 'RFC 8446 §4.6.1: ticket_lifetime',
      cases: ['tickets/lifetime/over', 'tickets/lifetime/zero-is-over-at-once'],
    },
    {
      id: 'ticket-seven-days',
      level: 'must',
      statement: 'No ticket is kept for more than seven days, whatever its server said.',
      source: 'RFC 8446 §4.6.1: ticket_lifetime',
      cases: ['tickets/lifetime/seven-days-at-most'],
    },
    {
      id: 'ages-by-the-monotonic-clock',
      level: 'must',
      statement:
        'Ages are measured by a clock that never jumps: setting the time of day neither ends a ticket nor prolongs it.',
      source: 'Clock.monotonicNow',
      cases: ['tickets/lifetime/time-of-day-does-not-matter'],
    },
    {
      id: 'ticket-refused-certificate-judged',
      level: 'must',
      statement:
        'After a refused ticket the certificate that is shown now is judged and told, not the one kept with the ticket.',
      source: 'RFC 8446 §2.2, §4.2.11',
      cases: ['tickets/refused/certificate-shown-is-judged'],
    },
    {
      id: 'ticket-with-fresh-keys',
      level: 'must',
      statement:
        'A ticket is offered with a fresh key exchange only, so that who learns its key later cannot read old traffic, and without early data, which can be replayed.',
      source: 'RFC 8446 §2.2, §4.2.9, §8, Appendix E.5',
      cases: ['session-resumption/ticket-with-fresh-keys-and-no-early-data'],
    },
  ],
}
