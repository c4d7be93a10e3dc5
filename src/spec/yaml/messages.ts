import type { ErrorCode } from 'yaml';

/** What is said about a YAML error: never the library's own words, which may quote the text around it. */
export interface YamlMessage {
  readonly message: string;
  readonly hint?: string;
  /** It is about something left open: the place to show is where that began. */
  readonly about?: 'quote' | 'bracket';
}

/** Our words for an error of the `yaml` library. */
export function yamlMessage(code: ErrorCode, original: string): YamlMessage {
  const missing = /^Missing closing ["']/.exec(original);
  if (missing !== null) return { message: 'this quoted text is never closed', hint: 'add the closing quote', about: 'quote' };
  if (original.startsWith('Implicit map keys need to be followed')) return { message: 'this line is neither `key: value` nor part of a list', hint: 'is a colon missing after the key?' };
  if (original.startsWith('Comments must be separated')) return { message: 'a comment needs a space before its #', hint: 'if # belongs to the value, quote the value' };
  if (/(?:indented and|must) end with a [\]}]$/.test(original)) {
    return { message: 'this bracket is never closed', hint: 'close it, and indent what is inside deeper than its key', about: 'bracket' };
  }
  if (original.startsWith('Missing directives-end')) return messages.BAD_DIRECTIVE;
  return messages[code];
}

const messages: Record<ErrorCode, YamlMessage> = {
  ALIAS_PROPS: { message: 'an alias (*name) can have no anchor or tag of its own' },
  BAD_ALIAS: { message: 'the name of this anchor or alias is empty or ends in a colon', hint: 'leave a space before the colon' },
  BAD_COLLECTION_TYPE: { message: 'this tag does not fit its value', hint: 'remove the tag' },
  BAD_DIRECTIVE: { message: 'a line above starts with %, which is for YAML directives', hint: 'remove it, or quote a text that starts with %' },
  BAD_DQ_ESCAPE: { message: 'a wrong escape in a double-quoted text', hint: 'write \\\\ for a backslash, or use single quotes' },
  BAD_INDENT: { message: 'wrong indentation', hint: 'keys of one map start in the same column, and what belongs to a key stands deeper' },
  BAD_PROP_ORDER: { message: 'an anchor or tag stands before the - or ? that it belongs after' },
  BAD_SCALAR_START: { message: 'a text cannot start with this character', hint: 'quote the text' },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a second `key:` on the same line', hint: 'quote a text that contains a colon and a space, or start a new line' },
  BLOCK_IN_FLOW: { message: 'an indented map or list inside [ ] or { }', hint: 'inside brackets, separate with commas' },
  DUPLICATE_KEY: { message: 'this key is written twice' },
  IMPOSSIBLE: { message: 'this is not YAML' },
  KEY_OVER_1024_CHARS: { message: 'this key is longer than 1024 characters', hint: 'is a closing quote missing?' },
  MISSING_CHAR: { message: 'a comma, colon, space or closing bracket is missing here' },
  MULTILINE_IMPLICIT_KEY: { message: 'a key must stand on one line', hint: 'is a closing quote missing, or a colon and the space after it?' },
  MULTIPLE_ANCHORS: { message: 'a value can have only one anchor' },
  MULTIPLE_DOCS: { message: 'the file holds more than one document', hint: 'a spec is one document: remove the line ---' },
  MULTIPLE_TAGS: { message: 'a value can have only one tag' },
  NON_STRING_KEY: { message: 'a key must be a text' },
  RESOURCE_EXHAUSTION: { message: 'the file is nested too deeply' },
  TAB_AS_INDENT: { message: 'a tab indents this line', hint: 'YAML takes only spaces for indentation' },
  TAG_RESOLVE_FAILED: { message: 'a spec takes no tags', hint: 'remove it; quote a text that starts with !' },
  UNEXPECTED_TOKEN: { message: 'this is not expected here', hint: 'check quotes, brackets and indentation just before it; quote a text with special characters' },
};
