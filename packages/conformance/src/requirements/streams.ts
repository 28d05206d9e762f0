import type { RequirementGroup } from '../requirement.js'

export const streamsRequirements: RequirementGroup = {
  title: 'Streams of any kind',
  subject: 'backend',
  requirements: [
    {
      id: 'resumption-over-any-stream',
      level: 'should',
      statement:
        'Sessions are resumed, by the store and by a copy, over any stream: messages through a relay, or an object that has nothing but the members of the interface.',
      source: 'IoStream; GIO glib-networking resumes over sockets only',
      cases: ['session-resumption/over-messages', 'session-resumption/over-a-bare-stream'],
    },
    {
      id: 'address-is-no-key',
      level: 'must',
      statement:
        'The address at the other end of the stream neither lets a session be used nor keeps it from being used.',
      source: 'GIO glib-networking: the key of a named host has no address',
      cases: ['session-resumption/whatever-the-address'],
    },
    {
      id: 'name-and-address-apart',
      level: 'must',
      statement:
        'A host expected by its name shares no sessions in the store with one expected by its address, even with one certificate.',
      source: 'TlsClientConnection.sessionResumption',
      cases: ['session-resumption/separate/name-and-address'],
    },
    {
      id: 'upgrade-of-a-used-stream',
      level: 'must',
      statement:
        'A stream that was used in the clear can be handed to TLS, with what was read too much put back.',
      source: 'RFC 3207 §4; withUnread',
      cases: [
        'handshake/upgrade/of-a-used-stream',
        'handshake/upgrade/hello-came-with-the-command',
        'handshake/upgrade/hello-was-read-in-part',
      ],
    },
    {
      id: 'upgrade-injected-plaintext',
      level: 'must',
      statement:
        'Plaintext that came before the handshake is never taken for encrypted: the handshake fails with TLS_NOT_TLS.',
      source: 'RFC 3207 §4.2; CVE-2011-0411',
      cases: [
        'handshake/upgrade/plaintext-behind-the-answer-is-refused',
        'handshake/upgrade/plaintext-behind-the-command-is-refused',
      ],
    },
  ],
}
