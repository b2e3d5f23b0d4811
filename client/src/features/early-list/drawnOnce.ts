/**
 * Stands in Vue's place in the early list (early-list/plugin.ts): the same components, drawn once, never changing, for a
 * twentieth of Vue's code. Each name that is exported here is one that compiled components and their composables import
 * from Vue, and does what Vue does when a component is first drawn; what is missing here is missed by the build. Nodes
 * are made right away, and every text is a text node, whatever is in it.
 */

type Values = Record<string, unknown>
type Slots = Record<string, (() => Node[]) | undefined>
type Content = (Node | string)[] | Slots | string | null

export interface Component {
  props?: Record<string, { default?: unknown }>
  setup: (props: Values) => (context: { $slots: Slots }, cache: unknown[]) => Node
  /** The attribute that its scoped styles look for. */
  __scopeId?: string
}

/** What templates find by its name. */
type Named = Record<string, Component>

export const Fragment = Symbol('Fragment')

const HTML = 'http://www.w3.org/1999/xhtml'
const SVG = 'http://www.w3.org/2000/svg'
/** None of them is an element of HTML, too. */
const IN_SVG = new Set(['svg', 'g', 'path', 'rect', 'circle', 'text'])

let named: Named = {}
/** Whose template is being drawn. */
let owner: Component | undefined
let endings: (() => void)[] = []

export function drawOnce(component: Component, props: Values, components: Named): Node {
  named = components
  const drawn = createVNode(component, props)
  for (const end of endings) end()
  endings = []
  return drawn
}

export function createVNode(
  type: string | symbol | Component,
  props: Values | null = null,
  content: Content = null,
): Node {
  if (typeof type === 'string') return element(type, props ?? {}, content)
  if (typeof type === 'symbol') return fragment(content)
  const { own, passedOn } = separated(props ?? {}, type)
  const slots = content !== null && isSlots(content) ? content : {}
  const root = drawnBy(type, () => type.setup(own)({ $slots: slots }, []))
  if (root instanceof Element) {
    setAttributes(root, passedOn)
    if (owner?.__scopeId) root.setAttribute(owner.__scopeId, '')
  }
  return root
}

export {
  createVNode as createBlock,
  createVNode as createElementBlock,
  createVNode as createElementVNode,
}

function element(name: string, props: Values, content: Content): Element {
  const made = document.createElementNS(IN_SVG.has(name) ? SVG : HTML, name)
  setAttributes(made, props)
  if (owner?.__scopeId) made.setAttribute(owner.__scopeId, '')
  made.append(fragment(content))
  return made
}

function fragment(content: Content): DocumentFragment {
  const made = document.createDocumentFragment()
  if (typeof content === 'string') made.append(content)
  else if (Array.isArray(content)) made.append(...content)
  return made
}

function isSlots(content: NonNullable<Content>): content is Slots {
  return typeof content === 'object' && !Array.isArray(content)
}

/** Nobody listens yet, and nothing is looked for by key. */
function setAttributes(made: Element, values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || /^(key|on[A-Z]\w*)$/.test(name)) continue
    const before = name === 'class' ? made.getAttribute(name) : null
    made.setAttribute(name, before ? `${before} ${value}` : String(value))
  }
}

/** A component's own props, with their defaults, and what it passes on to its root. */
function separated(values: Values, { props = {} }: Component): { own: Values; passedOn: Values } {
  const own: Values = Object.fromEntries(
    Object.entries(props).map(([name, prop]) => [name, prop.default]),
  )
  const passedOn: Values = {}
  for (const [name, value] of Object.entries(values)) {
    const ownName = name.replaceAll(/-(\w)/g, (_hyphen, letter: string) => letter.toUpperCase())
    if (ownName in props) own[ownName] = value ?? own[ownName]
    else passedOn[name] = value
  }
  return { own, passedOn }
}

/** What is made meanwhile has the scoped styles of the component. */
function drawnBy<Drawn>(component: Component | undefined, draw: () => Drawn): Drawn {
  const before = owner
  owner = component
  const drawn = draw()
  owner = before
  return drawn
}

export function withCtx(slot: () => Node[]): () => Node[] {
  const author = owner
  return () => drawnBy(author, slot)
}

export function renderSlot(slots: Slots, name: string): Node {
  return fragment(slots[name]?.() ?? null)
}

export function renderList<Item>(
  items: readonly Item[],
  draw: (item: Item, place: number) => Node,
): Node[] {
  return items.map(draw)
}

export function createTextVNode(text: string): Node {
  return document.createTextNode(text)
}

export function createCommentVNode(text: string): Node {
  return document.createComment(text)
}

export function toDisplayString(value: unknown): string {
  return String(value ?? '')
}

export function normalizeClass(names: string | string[]): string {
  return typeof names === 'string' ? names : names.join(' ')
}

export function resolveComponent(name: string): Component {
  const component = named[name]
  if (!component) throw new TypeError(`The early list has no ${name}.`)
  return component
}

export function defineComponent(component: Component): Component {
  return component
}

export function openBlock(): void {
  // Vue notes here what may change.
}

/** What Vue would follow. */
class Held<Value> {
  constructor(public value: Value) {}
}

export function ref<Value>(value: Value): Held<Value> {
  return new Held(value)
}

export function computed<Value>(read: () => Value): Held<Value> {
  return new Held(read())
}

export function unref<Value>(value: Value | Held<Value>): Value {
  return value instanceof Held ? value.value : value
}

export function readonly<Value>(value: Value): Value {
  return value
}

export { ref as shallowRef }

export function watchEffect(run: () => void): void {
  run()
}

/** What is drawn once is over at once. */
export function onScopeDispose(end: () => void): void {
  endings.push(end)
}
