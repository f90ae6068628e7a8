/**
 * Protocol Buffers declared once in TypeScript: the types of messages, the codec and what reflection tells all follow
 * from it, so that no file is generated or read at run time.
 */

/** One `.proto` file; its folder is its package. */
export class ProtoFile {
  readonly messages: Message<object>[] = []
  readonly enums: ProtoEnum[] = []
  readonly services: Service[] = []
  readonly package: string
  readonly name: string

  constructor(name: string) {
    this.name = name
    this.package = name.split('/').slice(0, -1).join('.')
  }

  /** A message; one inside another has that one's name and a dot before its own. */
  message<F extends Fields>(name: string, fields: F): Message<MessageOf<F>> {
    const made = { file: this, name, fields }
    this.messages.push(made)
    return made
  }

  /** An enumeration whose numbers are the places of its names. */
  enumeration(name: string, values: readonly string[]): ProtoEnum {
    const made = { file: this, name, values }
    this.enums.push(made)
    return made
  }

  service<M extends Methods>(name: string, methods: M): Service<M> {
    const made = { file: this, name, methods }
    this.services.push(made)
    return made
  }
}

export interface Message<T extends object> {
  readonly file: ProtoFile
  readonly name: string
  readonly fields: Fields
  /** What a message of this kind is in TypeScript; never there at run time. */
  readonly type?: T
}

export interface ProtoEnum {
  readonly file: ProtoFile
  readonly name: string
  readonly values: readonly string[]
}

export interface Service<M extends Methods = Methods> {
  readonly file: ProtoFile
  readonly name: string
  readonly methods: M
}

/** A watch answers one request with a stream; a dialogue answers each of a stream of requests. */
export type Kind = 'unary' | 'watch' | 'dialogue'

export interface Method<I extends object = object, O extends object = object, K extends Kind = Kind> {
  readonly input: Message<I>
  readonly output: Message<O>
  readonly kind: K
}

export type Methods = Readonly<Record<string, Method>>

type Maker<K extends Kind> = <I extends object, O extends object>(
  input: Message<I>,
  output: Message<O>,
) => Method<I, O, K>

export const method: Maker<'unary'> = (input, output) => ({ input, output, kind: 'unary' })
export const watch: Maker<'watch'> = (input, output) => ({ input, output, kind: 'watch' })
export const dialogue: Maker<'dialogue'> = (input, output) => ({ input, output, kind: 'dialogue' })

/** How values of a field are written. */
export type Sort = 'string' | 'bytes' | 'bool' | 'int32' | 'uint32' | ProtoEnum | (() => Message<object>)

export interface Field<T = unknown> {
  readonly number: number
  readonly sort: Sort
  readonly label?: 'optional' | 'repeated' | 'map'
  readonly deprecated?: boolean
  readonly type?: T
}

export interface OneOf<F extends Readonly<Record<string, Field>> = Readonly<Record<string, Field>>> {
  readonly oneOf: F
}

export type Fields = Readonly<Record<string, Field | OneOf>>

export const text = (number: number): Field<string> => ({ number, sort: 'string' })
export const bytes = (number: number): Field<Uint8Array> => ({ number, sort: 'bytes' })
export const flag = (number: number): Field<boolean> => ({ number, sort: 'bool' })
export const int32 = (number: number): Field<number> => ({ number, sort: 'int32' })
export const uint32 = (number: number): Field<number> => ({ number, sort: 'uint32' })
export const oneOfEnum = (number: number, of: ProtoEnum): Field<number> => ({ number, sort: of })
/** A message; in a function where it is declared further down. */
export function inner<T extends object>(number: number, of: Message<T> | (() => Message<T>)): Field<T | undefined> {
  return { number, sort: typeof of === 'function' ? of : () => of }
}

export const optional = <T>(field: Field<T>): Field<T | undefined> => ({ ...field, label: 'optional' }) as Field<T>
export const deprecated = <T>(field: Field<T>): Field<T> => ({ ...field, deprecated: true })
export function repeated<T>({ number, sort }: Field<T>): Field<Exclude<T, undefined>[]> {
  return { number, sort, label: 'repeated' }
}
/** Values of one kind by names. */
export function mapped<T>({ number, sort }: Field<T>): Field<Record<string, Exclude<T, undefined>>> {
  return { number, sort, label: 'map' }
}
export const oneOf = <F extends Readonly<Record<string, Field>>>(fields: F): OneOf<F> => ({ oneOf: fields })

/** Field names are in snake case on the wire and in camel case here. */
export type MessageOf<F extends Fields> = {
  -readonly [K in keyof F as Camel<K & string>]: F[K] extends OneOf<infer O>
    ? CaseOf<O>
    : F[K] extends Field<infer T>
      ? T
      : never
}

type CaseOf<O extends Readonly<Record<string, Field>>> =
  | { [K in keyof O]: { case: Camel<K & string>; value: Given<O[K]> } }[keyof O]
  | { case: undefined; value?: undefined }

type Given<F> = F extends Field<infer T> ? Exclude<T, undefined> : never

type Camel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S

/** What a message is made from: everything may be left out. */
export type Init<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer E)[]
    ? readonly Init<E>[]
    : T extends { case: unknown }
      ? { case: T['case']; value?: Init<T extends { value?: infer V } ? V : never> }
      : T extends object
        ? { [K in keyof T]?: Init<T[K]> }
        : T
