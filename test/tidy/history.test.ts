import { expect, it } from 'vitest';
import { git } from './files.ts';

it('every commit says its area and what it does now', () => {
  const subjects = git('log', '--no-merges', '--format=%h %s').trim().split('\n');
  expect(subjects.filter((subject) => !/^\w+ [a-z][a-z0-9-]*: \S.{3,120}[^.]$/.test(subject))).toEqual([]);
});
