/** Cases where this library is not of the authors' opinion, and why. */
export const exceptions: ReadonlyMap<string, string> = new Map([
  [
    'limbo rfc5280::nc::permitted-dn-match',
    'The path is valid; but the leaf has no dNSName at all, and the case asks for example.com.',
  ],
])
