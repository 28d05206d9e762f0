let changed = false

/** Says that a mutant changes something of the library, which is the whole thread's. */
export function noteLibraryChange(): void {
  changed = true
}

/** Whether something of the library has been changed in this thread: what runs next would feel it. */
export function hasLibraryChanged(): boolean {
  return changed
}
