/** Cases where this library is not of the authors' opinion, and why. */
export const exceptions: ReadonlyMap<string, string> = new Map([
  [
    'limbo pathlen::validation-ignores-pathlen-in-leaf',
    'The path is valid; but its leaf may sign certificates and nothing else, and RFC 8446 §4.4.2.2 does not let it be a server.',
  ],
  [
    'limbo rfc5280::nc::permitted-dn-match',
    'The path is valid; but the leaf has no dNSName at all, and the case asks for example.com.',
  ],
])
