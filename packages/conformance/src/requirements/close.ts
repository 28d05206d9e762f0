import type { RequirementGroup } from '../requirement.js'

export const closeRequirements: RequirementGroup = {
  title: 'Closing and truncation',
  subject: 'backend',
  requirements: [
    {
      id: 'close-notify-sent',
      level: 'must',
      statement:
        'Closing or disposing of an open connection sends `close_notify`, whether or not the peer is required to, and then closes the transport.',
      source: 'GIO g_io_stream_close(); RFC 8446 §6.1',
      cases: [
        'close/client-first',
        'close/server-first',
        'close/close-notify-without-requiring-it',
        'close/async-dispose',
      ],
    },
    {
      id: 'close-notify-sent-once',
      level: 'must',
      statement:
        'A connection sends `close_notify` once: a second close succeeds and sends nothing, as does a close after the writing side was closed; one after the reading side was closed still sends it.',
      source: 'GIO g_io_stream_close(): closing twice succeeds; RFC 8446 §6.1',
      cases: [
        'close/second-call-does-nothing',
        'close/half-close/then-close',
        'close/half-close/reading-then-close',
      ],
    },
    {
      id: 'close-loses-no-data',
      level: 'must',
      statement:
        'What was written before closing arrives, also what is still being written then, and after it the end: `null`, as often as one reads.',
      source: 'GIO g_io_stream_close(); TlsConnection.close: waits for our own pending write',
      cases: ['close/data-before-the-end-arrives', 'close/after-a-pending-write'],
    },
    {
      id: 'close-is-not-undone',
      level: 'must',
      statement:
        'A transport that was closed in order is not aborted any more, by the engine as it is torn down or by an abort of the connection: over a socket that would take back what has not arrived yet.',
      source:
        'RFC 9293 §3.10.5: an abort drops what is queued, also what close has left to be sent',
      cases: ['close/a-closed-transport-is-left-alone'],
    },
    {
      id: 'close-without-a-handshake',
      level: 'must',
      statement:
        'Closing a connection whose handshake has not started or has failed sends nothing, starts none, and succeeds; the transport is closed.',
      source: 'GIO GTlsConnection: close never starts a handshake',
      cases: [
        'close/before-the-handshake',
        'close/after-a-failed-handshake',
        'close/half-close/after-a-failed-handshake',
      ],
    },
    {
      id: 'close-waits-for-the-handshake',
      level: 'must',
      statement:
        'Closing a connection, or a side of it, while its handshake runs waits for that and then closes in order.',
      source: 'GIO GTlsConnection: close waits for a running handshake',
      cases: ['close/while-the-handshake-runs', 'close/half-close/while-the-handshake-runs'],
    },
    {
      id: 'close-does-not-wait-for-the-peer',
      level: 'must',
      statement:
        "Closing does not wait for the peer's `close_notify`, nor for anything else of it.",
      source: "GIO GTlsConnection: the peer's close_notify is not awaited; RFC 8446 §6.1",
      cases: ['close/does-not-wait-for-the-peer'],
    },
    {
      id: 'close-after-the-peer',
      level: 'must',
      statement:
        'A peer that has sent `close_notify` need not take ours: that it could not be sent then is no failure of closing.',
      source: 'RFC 5246 §7.2.1: who has said close_notify need not wait for the answer',
      cases: ['close/after-the-peer-has-gone'],
    },
    {
      id: 'close-ends-the-transport',
      level: 'must',
      statement:
        'The transport is closed even if `close_notify` cannot be sent; closing rejects with what went wrong first, and an error of the transport itself is told, too.',
      source: 'GIO GTlsConnection: then the base stream is closed, always; the first error is told',
      cases: [
        'close/transport-closed-even-if-close-notify-fails',
        'close/close-notify-error-before-that-of-the-transport',
        'close/error-of-the-transport',
      ],
    },
    {
      id: 'closed-is-closed',
      level: 'must',
      statement:
        'A read that is pending when the connection is closed rejects with `IO_CLOSED`, and so do all later reads, writes and handshakes.',
      source: 'GIO G_IO_ERROR_CLOSED',
      cases: ['close/pending-read-is-rejected', 'close/nothing-works-afterwards'],
    },
    {
      id: 'abort-is-unclean',
      level: 'must',
      statement:
        'An abort drops the transport at once without sending anything, and what is pending rejects with its reason; closing afterwards is harmless.',
      source: 'IoStream.abort',
      cases: ['close/abort-is-unclean'],
    },
    {
      id: 'end-told-from-truncation',
      level: 'should',
      statement:
        'With `requireCloseNotify` on, a stream that ends without `close_notify`, be it in the middle of a record, is `TLS_EOF`; the data that came before is read first.',
      source: 'GIO GTlsConnection:require-close-notify: G_TLS_ERROR_EOF; RFC 8446 §6.1',
      cases: [
        'close/truncation/to-the-client',
        'close/truncation/to-the-server',
        'close/truncation/in-a-record',
        'close/truncation/after-data',
      ],
    },
    {
      id: 'bare-end-where-it-is-allowed',
      level: 'must',
      statement:
        'With `requireCloseNotify` off, a stream that ends without `close_notify` gives the end, `null`, and so does one that ends with it.',
      source: 'GIO GTlsConnection:require-close-notify: FALSE',
      cases: ['close/truncation/allowed', 'close/truncation/close-notify-without-watching'],
    },
    {
      id: 'truncation-watch-can-change',
      level: 'must',
      statement:
        '`requireCloseNotify` can be switched off until the end is read, and switched on as well, or else that is refused with `TLS_NOT_SUPPORTED`.',
      source: 'GIO GTlsConnection:require-close-notify: may be changed until the end is read',
      cases: ['close/truncation/allowed-late', 'close/truncation/watched-from-now-on'],
    },
    {
      id: 'transport-errors-come-through',
      level: 'must',
      statement:
        'An error of the transport of an open connection comes through as it is: a reset is `IO_BROKEN_PIPE`, whether or not truncation is watched for, and its time limit `IO_TIMED_OUT`.',
      source: 'GIO GTlsConnection: G_IO_ERROR_BROKEN_PIPE, G_IO_ERROR_TIMED_OUT',
      cases: [
        'close/reset',
        'close/reset/without-watching-for-truncation',
        'close/time-limit-of-the-transport',
      ],
    },
    {
      id: 'writing-side-closed-alone',
      level: 'should',
      statement:
        "Either end can close its writing side alone: `close_notify` is sent and the transport's direction ended, later writes are `IO_CLOSED`, and reading goes on. The end of the peer ends nothing of ours.",
      source: 'RFC 8446 §6.1: each direction is closed on its own; GIO g_output_stream_close()',
      cases: [
        'close/half-close/client-first',
        'close/half-close/server-first',
        'close/half-close/no-more-writes',
        'close/half-close/transport-too',
      ],
    },
    {
      id: 'reading-side-closed-alone',
      level: 'should',
      statement:
        'The reading side can be closed alone: nothing is sent for that, reads are `IO_CLOSED`, and writing goes on.',
      source: 'GIO g_input_stream_close(): nothing on the wire, writing goes on',
      cases: ['close/half-close/reading'],
    },
    {
      id: 'handshake-needs-both-directions',
      level: 'must',
      statement:
        'A handshake of a connection with one side closed, the first as well as a second, rejects with `IO_CLOSED` and sends nothing.',
      source: 'GIO GTlsConnection: a handshake needs both directions; G_IO_ERROR_CLOSED',
      cases: ['close/half-close/handshake-needs-both-directions'],
    },
    {
      id: 'half-close-refused-where-unsupported',
      level: 'must',
      statement:
        'A backend that cannot close one side alone refuses it with `TLS_NOT_SUPPORTED`, and the connection goes on.',
      source: 'TlsCapabilities.halfClose: what a backend cannot do is refused, never ignored',
      cases: ['close/half-close/refused-where-unsupported'],
    },
    {
      id: 'truncation-watch-refused',
      level: 'must',
      statement:
        'Where truncation cannot be told from an end, requiring close_notify is refused before anything is sent.',
      source: 'TlsCapabilities.truncationDetection',
      cases: ['close/truncation/watch-refused-where-unsupported'],
    },
  ],
}
