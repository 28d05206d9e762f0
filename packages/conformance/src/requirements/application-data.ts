import type { RequirementGroup } from '../requirement.js'

export const applicationDataRequirements: RequirementGroup = {
  title: 'Application data',
  requirements: [
    {
      id: 'what-is-there',
      level: 'must',
      statement: 'Returns as soon as there is plaintext, never an empty chunk.',
      source: 'GIO GTlsConnection: is a GIOStream',
      cases: [
        'application-data/echo',
        'application-data/byte-by-byte',
        'application-data/write-beside-a-pending-read',
      ],
    },
    {
      id: 'application-data-giostream',
      level: 'must',
      statement:
        'A connection is a byte stream itself, both ways, whatever the records below look like.',
      source: 'GIO GTlsConnection: is a GIOStream',
      cases: [
        'application-data/echo/without-watching-for-truncation',
        'application-data/many-small-writes/without-watching-for-truncation',
      ],
    },
    {
      id: 'whole',
      level: 'must',
      statement:
        'A write is never partial: all of it arrives, in order. An empty one sends nothing.',
      source: 'GIO GTlsConnection: reads and writes do not wait for each other',
      cases: [
        'application-data/one-mebibyte-both-ways-at-once',
        'application-data/many-small-writes',
        'application-data/empty-write',
      ],
    },
    {
      id: 'step-7',
      level: 'must',
      statement:
        'Otherwise it waits for what it conflicts with: all for the handshake, closing for our own write; reads and writes not for each other.',
      source: 'GIO GTlsConnection: reads and writes do not wait for each other',
      cases: ['application-data/one-mebibyte-both-ways-at-once/without-watching-for-truncation'],
    },
    {
      id: 'io-pending',
      level: 'must',
      statement: 'One operation per direction.',
      source: 'GIO G_IO_ERROR_PENDING: one operation per direction',
      cases: ['application-data/second-read-is-refused'],
    },
    {
      id: 'one-per-direction',
      level: 'must',
      statement:
        'A second read beside a pending one, or a second write, is `IO_PENDING`, and the first goes on. A second close shares the outcome: in GIO it is refused, too.',
      source: 'GIO G_IO_ERROR_PENDING: one operation per direction',
      cases: ['application-data/second-write-is-refused'],
    },
    {
      id: 'cancelled-read',
      level: 'must',
      statement: "Leaves the connection usable, and what arrives meanwhile is the next read's.",
      source: 'GIO g_input_stream_read_async(): a cancelled read leaves the connection usable',
      cases: ['application-data/aborted-read-loses-nothing'],
    },
    {
      id: 'interrupted-write',
      level: 'must',
      statement: 'It may still be sent, whole or in part; the next one comes after it.',
      source: 'TlsConnection.write: an aborted one may still be sent; the next one comes after it',
      cases: ['application-data/aborted-write-keeps-the-order'],
    },
    {
      id: 'broken-transport',
      level: 'must',
      statement: 'Is `IO_BROKEN_PIPE`, after a few writes at the latest.',
      source: 'GIO g_output_stream_write(): an error, never a count of zero for ever',
      cases: ['application-data/write-on-a-broken-stream'],
    },
    {
      id: 'damaged-record',
      level: 'must',
      statement: 'Is `TLS_MISC`, never data.',
      source: 'RFC 8446 §5.2; RFC 5246 §7.2.2: bad_record_mac; GIO G_TLS_ERROR_MISC',
      cases: ['application-data/damaged-record'],
    },
    {
      id: 'application-data-step-1',
      level: 'must',
      statement:
        'An abort that has already happened: rejects with its reason, and nothing changes.',
      source: 'GIO GCancellable: cancelled already',
      cases: ['application-data/aborted-before-the-read'],
    },
    {
      id: 'without-reading',
      level: 'must',
      statement: 'Who only writes loses nothing to what arrives meanwhile (RFC 8446 §4.6.1).',
      source: 'RFC 8446 §4.6.1: tickets may come at any time; curl/curl#6149',
      cases: [
        'application-data/write-only-client',
        'application-data/write-only-client/without-watching-for-truncation',
      ],
    },
    {
      id: 'application-data-step-4',
      level: 'must',
      statement: 'Nothing yet: an implicit handshake.',
      source: 'TlsConnection: the first read or write runs the handshake',
      cases: [
        'application-data/server-speaks-first',
        'application-data/server-speaks-first/without-watching-for-truncation',
      ],
    },
    {
      id: 'encrypted',
      level: 'must',
      statement: 'What is written is not on the wire in the clear (RFC 8446 §5.2).',
      source: 'RFC 8446 §5.2; RFC 5246 §6.2.3',
      cases: ['application-data/data-is-encrypted'],
    },
  ],
}
