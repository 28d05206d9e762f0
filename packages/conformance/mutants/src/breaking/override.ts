/** The members of `T` that are functions. */
type MethodOf<T> = {
  [K in keyof T]: T[K] extends (...parameters: never[]) => unknown ? K : never
}[keyof T]

/**
 * Puts another method in the place of one that all objects of a class have. The new one is made anew
 * for each call, of the object and the former method, bound to it.
 */
export function overrideMethod<T extends object, K extends MethodOf<T>>(
  prototype: T,
  name: K,
  change: (object: T, former: T[K]) => T[K],
): void {
  const former = prototype[name] as (...parameters: unknown[]) => unknown
  Object.defineProperty(prototype, name, {
    value(this: T, ...parameters: unknown[]): unknown {
      const changed = change(this, former.bind(this) as T[K])
      return (changed as typeof former)(...parameters)
    },
    configurable: true,
    writable: true,
  })
}

/** Puts a getter in the place of one that all objects of a class have; a setter stays. */
export function overrideGetter<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  change: (object: T, former: () => T[K]) => T[K],
): void {
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
  Object.defineProperty(prototype, name, {
    get(this: T): T[K] {
      return change(this, () => get?.call(this) as T[K])
    },
    ...(set && { set }),
    configurable: true,
  })
}

/** Puts a setter in the place of one that all objects of a class have; the getter stays. */
export function overrideSetter<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  change: (object: T, value: T[K], former: (value: T[K]) => void) => void,
): void {
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
  Object.defineProperty(prototype, name, {
    ...(get && { get }),
    set(this: T, value: T[K]) {
      change(this, value, (given) => set?.call(this, given))
    },
    configurable: true,
  })
}

/** What is made for an object when it is first asked for, and kept for it: no copies any more. */
export function keptFor<T extends object, V extends object>(): (object: T, make: () => V) => V {
  const kept = new WeakMap<T, V>()
  return (object, make) => {
    const found = kept.get(object) ?? make()
    kept.set(object, found)
    return found
  }
}
