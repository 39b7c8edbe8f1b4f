// Builds elements. Text from anywhere is only ever text: nothing here, or anywhere else, parses markup.

/** @typedef {Record<string, unknown>} Properties */

/**
 * An element: `el("button.choice", {part: "option", onclick: choose}, "Yes")`.
 * Properties that begin with `on` are listeners; the others are attributes, left out when null, undefined or false.
 * @param {string} kind tag name and classes, joined by dots
 * @param {Properties} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function el(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child || child === "")));
  return element;
}

/**
 * An address that may be followed: http or https, relative ones resolved against the page; else null.
 * @param {string | null | undefined} raw
 * @returns {string | null}
 */
export function address(raw) {
  if (!raw) return null;
  try {
    const url = new URL(raw, document.baseURI);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * `.host` styles as a constructable sheet, which a content security policy without 'unsafe-inline' allows.
 * @param {string} css
 */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** A name that no other element on the page has. */
export const freshId = (
  (count) => () =>
    `b${(count += 1)}`
)(0);
