// One editor state per open file, so that switching tabs keeps cursor, selection and undo history.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { baseName, syntaxOf } from "../project/paths.ts";
import { look } from "./look.ts";

/** Holds a file's language once it is loaded. */
export const languageSlot = new Compartment();

/** Signs of open and closed folds. */
export const FOLD_MARKS = { openText: "⌄", closedText: "›" };

const common: Extension = [
  lineNumbers(),
  foldGutter(FOLD_MARKS),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  rectangularSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    indentWithTab,
  ]),
  look,
];

/** A state for a file; `onChange` gets the whole text after each change by the person. */
export function createState(path: string, text: string, onChange: (text: string) => void): EditorState {
  const indent = ["rust", "c"].includes(syntaxOf(path)) ? "    " : "  ";
  return EditorState.create({
    doc: text,
    extensions: [
      common,
      indentUnit.of(indent),
      languageSlot.of([]),
      EditorView.contentAttributes.of({
        tabindex: "0",
        "aria-label": `${baseName(path)}, editor; Escape, then Tab, leaves it`,
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ],
  });
}
