/** Version of this package; it cannot read its own package.json, since it runs in pages, too. */
export const kitVersion = '0.1.0'
