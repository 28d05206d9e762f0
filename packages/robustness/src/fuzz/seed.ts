/** Of a setting as `TLSIO_FUZZ_SEED`: tests of one commit do not differ from run to run. */
export function seedOf(setting = '1'): number {
  return setting === 'random' ? Date.now() & 0x7fffffff : Number(setting)
}
