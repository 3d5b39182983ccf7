import { describe, expect, it } from 'vitest';
import { pairs, table } from './table.ts';

describe('a table', () => {
  it('lines its columns up and leaves no space at a line’s end', () => {
    expect(
      table(
        [{ title: 'Name' }, { title: 'E-mail' }],
        [
          ['Ada Lovelace', 'ada@example.com'],
          ['Bo', ''],
        ],
      ),
    ).toBe(['Name          E-mail', 'Ada Lovelace  ada@example.com', 'Bo'].join('\n'));
  });

  it('lines amounts up by their decimal points', () => {
    expect(
      table(
        [{ title: 'Cost', align: 'decimal' }, { title: 'Model' }],
        [
          ['$1,000.00', 'a'],
          ['$0.016650001', 'b'],
        ],
      ),
    ).toBe(['            Cost  Model', '$1,000.00         a', '    $0.016650001  b'].join('\n'));
  });

  it('keeps what a stranger typed into a name on one line and out of the terminal’s hands', () => {
    expect(table([{ title: 'Name' }], [['a\nb\u001b[31m\u202ec\u0007']])).toBe('Name\na b c');
  });

  it('with no rows is its heading', () => expect(table([{ title: 'Name' }], [])).toBe('Name'));
});

describe('pairs', () => {
  it('line their values up', () => {
    expect(
      pairs([
        ['available', '$1.00'],
        ['held', '$0.00'],
      ]),
    ).toBe('available  $1.00\nheld       $0.00');
  });
});
