// The languages that programs are written in.
export { type Language, LANGUAGE_CHOICE, LANGUAGE_NAMES, LANGUAGES } from "./list.ts";
