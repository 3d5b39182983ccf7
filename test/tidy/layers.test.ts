import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, ROOT } from './files.ts';

interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

function cruise(folder: string): Cruise {
  const program = join(ROOT, 'node_modules', '.bin', 'depcruise');
  const args = ['src', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const violations = ({ summary }: Cruise) =>
  summary.violations.map(({ rule, from, to }) => `${from} → ${to} (${rule.name})`);

describe('the direction of the architecture', () => {
  it('is kept, and every product file was read with what it imports', { timeout: 120_000 }, () => {
    const found = cruise(ROOT);
    expect(violations(found)).toEqual([]);
    const read = new Set(found.modules.map(({ source }) => source));
    const product = projectFiles(/^src\/.*\.ts$/);
    expect(product.length).toBeGreaterThan(50);
    expect(product.filter((path) => !read.has(path))).toEqual([]);
  });

  it('is an error where it is broken', { timeout: 120_000 }, () => {
    const broken = violations(
      cruiseOf({
        'src/core/a.ts':
          "import { Kysely } from 'kysely';\nimport { readFileSync } from 'node:fs';\nexport const a = [Kysely, readFileSync];\n",
        'src/core/b.ts': "import { store } from '../store/c.ts';\nexport const b = store;\n",
        'src/store/c.ts': "import { z } from 'zod';\nexport const store = z;\n",
        'src/wire/gemini/d.ts': "import { e } from '../openai-chat/e.ts';\nexport const d = e;\n",
        'src/wire/openai-chat/e.ts': 'export const e = 1;\n',
        'src/api/f.ts': "import { main } from '../main.ts';\nexport const f = main;\n",
        'src/main.ts': "import { f } from './api/f.ts';\nimport fc from 'fast-check';\nexport const main = [f, fc];\n",
      }),
    ).map((violation) => violation.replace(/→ \S*node_modules\/([\w-]+)\/\S+/, '→ $1'));
    for (const expected of [
      'src/core/a.ts → kysely (pure-layers-take-no-package-and-no-node)',
      'src/core/a.ts → fs (pure-layers-take-no-package-and-no-node)',
      'src/core/b.ts → src/store/c.ts (core-sees-only-itself)',
      'src/wire/gemini/d.ts → src/wire/openai-chat/e.ts (wire-gemini-is-a-stranger-to-the-others)',
      'src/api/f.ts → src/main.ts (nobody-sees-main-or-config)',
      'src/main.ts → fast-check (product-takes-no-dev-dependency)',
    ]) {
      expect(broken).toContain(expected);
    }
    expect(broken.some((violation) => violation.endsWith('(no-cycles)'))).toBe(true);
  });
});

/** Cruises a tree of these files under the project's own rules. */
function cruiseOf(files: Readonly<Record<string, string>>): Cruise {
  const folder = mkdtempSync(join(tmpdir(), 'stipend-layers-'));
  try {
    for (const each of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
      copyFileSync(join(ROOT, each), join(folder, each));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return cruise(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
