/**
 * Whether it is a DNS name in A-labels, without a trailing dot: at most 253 characters, in labels
 * of 1 to 63 letters, digits, hyphens and underscores.
 *
 * That is the preferred name syntax (RFC 1034 §3.5, RFC 1123 §2.1), and two things more that names
 * in use have: underscores, and hyphens at the ends of a label. Neither can be taken for something
 * else.
 */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => labelSyntax.test(label))
}

const labelSyntax = /^[a-z\d_-]{1,63}$/i
