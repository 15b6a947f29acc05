type Children = readonly (Node | string)[];

/** Makes an element without HTML strings, which the page's content security policy and good sense rule out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Children
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The part of a component that its markup must contain. */
export function part<Type extends HTMLElement>(root: HTMLElement, name: string, type: abstract new () => Type): Type {
  const found = root.querySelector(`[data-call="${name}"]`);
  if (found instanceof type) return found;
  throw new Error(`The call page has no ${type.name} with data-call="${name}".`);
}

/** Sets text only when it differs: a live region would read out the same words again. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
