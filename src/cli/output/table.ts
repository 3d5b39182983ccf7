import { stripVTControlCharacters } from 'node:util';

/** `decimal` lines the points of numbers up, so that amounts of different precision can be compared by eye. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'decimal';
}

/** Two spaces between columns, no rules, no trailing space: readable, and cut, grep and awk can read it too. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = columns.map((column, at) => alignColumn(column, [column.title, ...rows.map((row) => row[at] ?? '')]));
  return [0, ...rows.map((_, at) => at + 1)]
    .map((line) =>
      cells
        .map((column) => column[line] ?? '')
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `name  value` pairs, the values lined up. */
export function pairs(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

function alignColumn(column: Column, texts: readonly string[]): string[] {
  const shown = texts.map(oneLine);
  const padded = column.align === 'decimal' ? [shown[0] ?? '', ...alignPoints(shown.slice(1))] : shown;
  const width = Math.max(...padded.map(widthOf));
  return padded.map((text) => {
    const space = ' '.repeat(width - widthOf(text));
    return column.align === 'decimal' ? space + text : text + space;
  });
}

function alignPoints(texts: readonly string[]): string[] {
  const tail = (text: string) => (text.includes('.') ? text.length - text.lastIndexOf('.') : 0);
  const most = Math.max(0, ...texts.map(tail));
  return texts.map((text) => text + ' '.repeat(most - tail(text)));
}

/** What others wrote (names, notes) must neither break the table nor drive the terminal. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ');
}

function widthOf(text: string): number {
  return [...text].length;
}
