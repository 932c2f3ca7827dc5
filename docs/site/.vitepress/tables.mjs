// Heads of tables that say nothing are no heads: an empty one is an ordinary cell.

/**
 * A plugin of markdown-it.
 * @param {{ core: { ruler: { push: (name: string, rule: (state: { tokens: Token[] }) => void) => void } } }} md
 *
 * @typedef {{ type: string, tag: string, content: string }} Token
 */
export function tablesPlugin(md) {
  md.core.ruler.push("site-tables", ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== "th_open" || tokens[at + 1]?.content !== "") continue;
      token.tag = "td";
      const end = tokens[at + 2];
      if (end !== undefined) end.tag = "td";
    }
  });
}
