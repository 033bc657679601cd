// @ts-check
/**
 * Formulas from a short notation, as MathML, which browsers draw and read aloud by themselves.
 *
 *   x_i  x^2  x_i^2   below and above       ~x        a tilde over x
 *   {a b}             kept together         {a}⁄{b}   a fraction
 *   √{a}              a root                [a, b; c, d]  a matrix
 *   "words"           text                  anything else  letters, numbers, signs
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";
const TOKENS = /\s+|"[^"]*"|\d+(?:\.\d+)?|./gu;
const CLOSING = new Set(["}", "]", ",", ";", ""]);

/** @typedef {{tag: string, text?: string, of?: Node[]}} Node an element of MathML, with text or with children */

/**
 * @param {string} notation
 * @returns {Node[]}
 * @throws {SyntaxError} if a bracket is open, or an index, a tilde, a root or a fraction has nothing to go with
 */
export function parse(notation) {
  const tokens = (notation.match(TOKENS) ?? []).filter((token) => token.trim());
  let at = 0;
  let depth = 0; // of matrices, in which a comma is between cells
  const next = () => tokens[at] ?? "";
  const nodes = row();
  if (at < tokens.length) throw new SyntaxError(`formula: ${notation}: "${next()}" closes nothing`);
  return nodes;

  /** Up to what closes it. @returns {Node[]} */
  function row() {
    const out = [];
    while (!CLOSING.has(next()) || (next() === "," && !depth)) out.push(scripted());
    return out;
  }

  function scripted() {
    let base = atom();
    for (;;) {
      if (next() === "⁄") {
        at++;
        base = { tag: "mfrac", of: [base, atom()] };
        continue;
      }
      /** @type {Record<string, Node>} */
      const scripts = {};
      while (next() === "_" || next() === "^") {
        const side = tokens[at++];
        scripts[side] = atom();
      }
      if (scripts["_"] && scripts["^"]) base = { tag: "msubsup", of: [base, scripts["_"], scripts["^"]] };
      else if (scripts["_"]) base = { tag: "msub", of: [base, scripts["_"]] };
      else if (scripts["^"]) base = { tag: "msup", of: [base, scripts["^"]] };
      else return base;
    }
  }

  /** @returns {Node} */
  function atom() {
    const token = next();
    if (CLOSING.has(token) && !(token === "," && !depth))
      throw new SyntaxError(`formula: ${notation}: something must come before "${token}"`);
    at++;
    if (token === "{") return { tag: "mrow", of: closed("}") };
    if (token === "√") return { tag: "msqrt", of: [atom()] };
    if (token === "~") return { tag: "mover", of: [atom(), { tag: "mo", text: "˜" }] };
    if (token === "[") return matrix();
    if (token[0] === '"') return { tag: "mtext", text: token.slice(1, -1).replaceAll(" ", "\u00a0") };
    if (/^\d/.test(token)) return { tag: "mn", text: token };
    if (/^\p{L}$/u.test(token)) return { tag: "mi", text: token };
    return { tag: "mo", text: token };
  }

  /** @param {string} end @returns {Node[]} */
  function closed(end) {
    const of = row();
    if (next() !== end)
      throw new SyntaxError(`formula: ${notation}: "${end}" must close it, "${next() || "the end"}" came`);
    at++;
    return of;
  }

  /** @returns {Node} */
  function matrix() {
    depth++;
    /** @type {Node[]} */
    const rows = [];
    do {
      /** @type {Node[]} */
      const cells = [];
      do cells.push({ tag: "mtd", of: row() });
      while (next() === "," && ++at);
      rows.push({ tag: "mtr", of: cells });
    } while (next() === ";" && ++at);
    depth--;
    if (next() !== "]") throw new SyntaxError(`formula: ${notation}: "]" must close it, "${next() || "the end"}" came`);
    at++;
    return {
      tag: "mrow",
      of: [
        { tag: "mo", text: "[" },
        { tag: "mtable", of: rows },
        { tag: "mo", text: "]" },
      ],
    };
  }
}

/** @param {string} notation @returns {Element} a `math` element */
export function math(notation) {
  const root = document.createElementNS(MATHML, "math");
  root.setAttribute("display", "block");
  const row = document.createElementNS(MATHML, "mrow");
  row.append(...parse(notation).map(element));
  root.append(row);
  return root;
}

/** @param {Node} node @returns {Element} */
function element({ tag, text, of }) {
  const made = document.createElementNS(MATHML, tag);
  if (text !== undefined) made.textContent = text;
  if (tag === "mo" && "()|".includes(text ?? "")) made.setAttribute("stretchy", "false");
  made.append(...(of ?? []).map(element));
  return made;
}

/** Write every formula of a page out. @param {ParentNode} page */
export function writeFormulas(page) {
  for (const place of page.querySelectorAll("[data-gt-math]"))
    place.replaceChildren(math(/** @type {string} */ (place.getAttribute("data-gt-math"))));
}
