// The editor of a cell: CodeMirror with Python, in the page's colors.
import * as cm from "../vendor/codemirror.js";
import { NAMES } from "./completions.js";
import { element, words } from "./words.js";

const nonce = document.querySelector("[data-editor-nonce]")?.nonce ?? "";
const DOTTED = /[A-Za-z_]\w*(?:\.\w+)*/g;
const { tags } = cm;

const colours = cm.HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null, tags.self], color: "var(--code-kw)", fontWeight: "700" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-str)" },
  { tag: tags.number, color: "var(--code-num)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className], color: "var(--code-fn)" },
  { tag: tags.comment, color: "var(--ink-3)" },
  { tag: [tags.operator, tags.punctuation], color: "var(--ink-2)" },
]);

const look = cm.EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" }, // the style sheet draws it above the line numbers
  // The text itself has no padding: CodeMirror would move the line numbers down by it once it has measured the text.
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "24px", wordSpacing: "0", padding: "12px 0" },
  ".cm-content": { padding: "0", caretColor: "var(--ink)", position: "relative" },
  ".cm-content::before": { content: "''", position: "absolute", inset: "-12px 0", zIndex: "-1" }, // clicks above and below count
  ".cm-line": { padding: "0 16px 0 0" },
  ".cm-gutters": { backgroundColor: "var(--surface)", border: "0", color: "var(--ink-3)" },
  // Lines never wrap, so their height is known before an off-screen editor is measured.
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 16px", minWidth: "40px" },
  ".cm-gutterElement + .cm-gutterElement": { height: "24px !important" },
  ".cm-content ::selection, .cm-content::selection": { backgroundColor: "color-mix(in srgb, var(--plot-2) 30%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--sunk)", outline: "1px solid var(--edge)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--no-tint)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", border: "1px solid var(--edge)", borderRadius: "var(--r)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "13px", maxHeight: "192px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", lineHeight: "20px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--ink)", color: "var(--paper)" },
});

// Dotted names: those already used in the page's cells, and those that learners of this course need most.
function dotted(texts) {
  return (context) => {
    const word = context.matchBefore(/[A-Za-z_]\w*\.[\w.]*/);
    if (!word) return null;
    const found = new Set([...NAMES, ...(texts().match(DOTTED) ?? [])]);
    found.delete(word.text);
    const options = [...found].filter((name) => name.includes(".")).map((label) => ({ label, type: "property" }));
    return { from: word.from, options, validFor: /^[\w.]*$/ };
  };
}

// Chromium would replace a selection of several lines by a styled element, which the page's content security policy blocks.
const typing = cm.EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to } = view.state.selection.main;
    const isOneLine = view.state.doc.lineAt(from).to >= to;
    if (event.inputType !== "insertText" || isOneLine || view.composing) return false;
    view.dispatch(view.state.replaceSelection(event.data ?? ""), { scrollIntoView: true, userEvent: "input.type" });
    event.preventDefault();
    return true;
  },
});

// The list of completions takes the focus, too: by touch, or with a screen reader that explores the page. Its keys are
// those of the editor.
const listed = cm.EditorView.updateListener.of(({ view }) => {
  const list = view.dom.querySelector(".cm-tooltip-autocomplete > ul");
  if (!list || list.tabIndex === 0) return;
  list.tabIndex = 0;
  list.addEventListener("keydown", (event) => {
    const bound = cm.completionKeymap.find(({ key }) => key === event.key);
    if (!bound) return;
    event.preventDefault();
    const isDone = bound.run(view); // false for an Enter that comes with the list, before anyone could read it
    if (isDone && ["Enter", "Escape"].includes(event.key)) view.focus();
  });
});

// Who comes by Tab also leaves by Tab, so that no editor holds up a walk through the page. Enter, a click or typing
// begins to edit; from then on, Tab indents, and Escape leaves.
let isWalking = false; // the latest key was Tab, and no pointer came since
addEventListener("keydown", ({ key }) => { isWalking = key === "Tab"; }, true);
addEventListener("pointerdown", () => { isWalking = false; }, true);

class Editing {
  constructor() {
    this.hint = element("span", "editor-keys");
    this.hint.setAttribute("aria-hidden", "true"); // the editor's label says the same
    this.set(false);
  }

  set(isOn) {
    this.isOn = isOn;
    this.hint.textContent = isOn ? words.escapeLeaves : words.enterEdits;
    return true;
  }

  get extension() {
    return cm.EditorView.domEventHandlers({
      focus: () => { this.set(!isWalking); },
      pointerdown: () => { this.set(true); },
    });
  }
}

function keys({ run, runOn, leave }, editing) {
  const doing = (act) => () => { act?.(); return true; };
  const whileEditing = (act) => (view) => editing.isOn && act(view);
  return [
    cm.Prec.highest(cm.keymap.of([
      { key: "Shift-Enter", run: doing(runOn ?? run) }, { key: "Mod-Enter", run: doing(run) },
      { key: "Enter", run: () => !editing.isOn && editing.set(true) },
    ])),
    cm.keymap.of([
      ...cm.completionKeymap, { key: "Tab", run: cm.acceptCompletion }, ...cm.closeBracketsKeymap, ...cm.historyKeymap,
      { key: "Escape", run: doing(leave) },
      { key: "Tab", run: whileEditing(cm.indentWithTab.run), shift: whileEditing(cm.indentWithTab.shift) }, ...cm.defaultKeymap,
    ]),
  ];
}

// `on` has change(source), run(), runOn(), leave(); `texts()` gives the other cells' code for completion.
export function makeEditor({ parent, source, label, texts = () => "", on = {}, isReadOnly = false }) {
  const python = new cm.LanguageSupport(cm.pythonLanguage, [
    cm.pythonLanguage.data.of({ autocomplete: cm.localCompletionSource }),
    cm.pythonLanguage.data.of({ autocomplete: cm.globalCompletion }),
    cm.pythonLanguage.data.of({ autocomplete: dotted(texts) }),
  ]);
  const editing = new Editing();
  const changed = cm.EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    editing.set(true);
    on.change?.(update.state.doc.toString());
  });
  const view = new cm.EditorView({
    parent,
    state: cm.EditorState.create({
      doc: source,
      extensions: [
        cm.EditorView.cspNonce.of(nonce), look, cm.syntaxHighlighting(colours), cm.lineNumbers(), cm.history(), python,
        cm.indentUnit.of("    "), cm.indentOnInput(), cm.bracketMatching(), cm.closeBrackets(), typing, changed, listed,
        editing.extension, ...keys(on, editing),
        cm.autocompletion({ icons: false }), cm.EditorState.lineSeparator.of("\n"),
        cm.EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        ...(isReadOnly ? [cm.EditorState.readOnly.of(true)] : []),
      ],
    }),
  });
  if (!isReadOnly) parent.append(editing.hint);
  return {
    get source() { return view.state.doc.toString(); },
    // One step, so that undo reverts it at once.
    set source(text) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }); },
    focus() {
      view.focus();
      editing.set(true);
    },
    goTo(number) {
      const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
      const effects = cm.EditorView.scrollIntoView(line.from, { y: "center" }); // at the top it would be under the bar
      view.dispatch({ selection: { anchor: line.from }, effects });
      this.focus();
    },
    remove: () => view.destroy(),
  };
}
