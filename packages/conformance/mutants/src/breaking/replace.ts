/**
 * Puts another member in the place of `name`, which may be a getter, and may be inherited. The new one
 * is made of the former, a getter as the function that it is, bound to `object`.
 */
export function replace<T extends object, K extends keyof T>(
  object: T,
  name: K,
  change: (former: T[K]) => T[K],
): void {
  const former = object[name]
  const bound = typeof former === 'function' ? former.bind(object) : former
  Object.defineProperty(object, name, { value: change(bound), configurable: true, writable: true })
}

/** Puts a getter in the place of `name`, made of the one that was there; it may be inherited. */
export function replaceGetter<T extends object, K extends keyof T>(
  object: T,
  name: K,
  change: (former: () => T[K]) => T[K],
): void {
  const get = findDescriptor(object, name)?.get
  const former = () => get?.call(object) as T[K]
  const set = findDescriptor(object, name)?.set
  Object.defineProperty(object, name, {
    get: () => change(former),
    ...(set && { set: (value) => set.call(object, value) }),
    configurable: true,
  })
}

/** Puts a setter in the place of that of `name`, made of the one that was there; it may be inherited. */
export function replaceSetter<T extends object, K extends keyof T>(
  object: T,
  name: K,
  change: (value: T[K], former: (value: T[K]) => void) => void,
): void {
  const { get, set } = findDescriptor(object, name) ?? {}
  Object.defineProperty(object, name, {
    get: () => get?.call(object),
    set: (value: T[K]) => change(value, (given) => set?.call(object, given)),
    configurable: true,
  })
}

function findDescriptor(object: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name)
    if (found !== undefined) return found
  }
  return undefined
}
