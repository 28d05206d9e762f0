import type { RequirementGroup } from '../requirement.js'

export const applicationDataRequirements: RequirementGroup = {
  title: 'Application data',
  subject: 'backend',
  requirements: [
    {
      id: 'data-arrives-whole',
      level: 'must',
      statement:
        'What is written arrives whole and in order, whatever its size, and nothing else does. A read gives at least one byte; an empty write sends nothing.',
      source: 'GIO GTlsConnection: is a GIOStream; g_output_stream_write()',
      cases: [
        'application-data/echo',
        'application-data/echo/without-watching-for-truncation',
        'application-data/many-small-writes',
        'application-data/many-small-writes/without-watching-for-truncation',
        'application-data/empty-write',
        'application-data/server-speaks-first/without-watching-for-truncation',
      ],
    },
    {
      id: 'data-is-encrypted',
      level: 'must',
      statement: 'What is written is on the wire in encrypted records only, never in the clear.',
      source: 'RFC 8446 §5.2; RFC 5246 §6.2.3',
      cases: ['application-data/data-is-encrypted'],
    },
    {
      id: 'reads-beside-writes',
      level: 'must',
      statement: 'Reads and writes do not wait for each other.',
      source: 'GIO GTlsConnection: reads and writes do not wait for each other',
      cases: [
        'application-data/one-mebibyte-both-ways-at-once',
        'application-data/one-mebibyte-both-ways-at-once/without-watching-for-truncation',
        'application-data/write-beside-a-pending-read',
      ],
    },
    {
      id: 'one-operation-per-direction',
      level: 'must',
      statement:
        'A second read beside a pending one, or a second write, rejects with `IO_PENDING`, and the first goes on.',
      source: 'GIO G_IO_ERROR_PENDING: one operation per direction',
      cases: [
        'application-data/second-read-is-refused',
        'application-data/second-write-is-refused',
      ],
    },
    {
      id: 'aborted-operations-lose-nothing',
      level: 'must',
      statement:
        'An aborted read or write rejects with the reason of its signal and leaves the connection usable: what arrives meanwhile is for the next read, and the next write comes after what was still sent.',
      source: 'GIO GCancellable; g_input_stream_read_async()',
      cases: [
        'application-data/aborted-before-the-read',
        'application-data/aborted-read-loses-nothing',
        'application-data/aborted-write-keeps-the-order',
      ],
    },
    {
      id: 'writing-without-reading',
      level: 'must',
      statement:
        'A connection takes in what the server sends of its own accord, as tickets, although nobody reads: who only writes is neither held up nor cut off.',
      source: 'RFC 8446 §4.6.1: tickets may come at any time; curl/curl#6149',
      cases: [
        'application-data/write-only-client',
        'application-data/write-only-client/without-watching-for-truncation',
        'application-data/input-is-taken-although-nobody-reads',
      ],
    },
    {
      id: 'early-leavers-are-heard',
      level: 'must',
      statement:
        'What a client of TLS 1.3 has sent with its Finished is read, although it closed at once and takes no tickets.',
      source: 'RFC 8446 §4.6.1: tickets come after the handshake, and nobody has to wait for them',
      cases: [
        'application-data/client-that-has-its-say-and-goes',
        'application-data/client-that-has-its-say-and-goes/resumed',
      ],
    },
    {
      id: 'damaged-record-refused',
      level: 'must',
      statement:
        'A record that was damaged is an error with the code `TLS_MISC`, never data or the end.',
      source: 'RFC 8446 §5.2; RFC 5246 §7.2.2: bad_record_mac; GIO G_TLS_ERROR_MISC',
      cases: ['application-data/damaged-record'],
    },
    {
      id: 'broken-transport-told-to-writers',
      level: 'must',
      statement:
        'Writing on to a transport that broke rejects with `IO_BROKEN_PIPE`, after a few writes at the latest.',
      source: 'GIO g_output_stream_write(): an error, never a count of zero for ever',
      cases: ['application-data/write-on-a-broken-stream'],
    },
  ],
}
