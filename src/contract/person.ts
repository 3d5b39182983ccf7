/** People, who are granted budgets. */
import { z } from 'zod';
import { money, positiveMoneyAsked } from './money.ts';
import { pageOf, pageQuery } from './page.ts';
import { date, id, text, time } from './text.ts';

const email = z.email('must be an e-mail address').max(254);

/** The share of a full-time job, above 0 and up to 1. */
const fte = z.number().gt(0).max(1);

const facts = {
  externalId: text(200),
  department: text(200),
  team: text(200),
  jobFamily: text(200),
  level: text(200),
  location: text(200),
  managerEmail: email,
  baseSalary: positiveMoneyAsked.describe(
    'A year’s base salary as agreed for this person, at their own share of time.',
  ),
  fte,
};

export const newPerson = z.strictObject({
  email,
  name: text(200),
  startDate: date,
  ...z.strictObject(facts).partial().shape,
});

/** Only what is named changes; `null` takes a fact away. A suspended person's keys are refused at once. */
export const personChange = z.strictObject({
  email: email.optional(),
  name: text(200).optional(),
  startDate: date.optional(),
  status: z.enum(['active', 'suspended']).optional(),
  externalId: facts.externalId.nullable().optional(),
  department: facts.department.nullable().optional(),
  team: facts.team.nullable().optional(),
  jobFamily: facts.jobFamily.nullable().optional(),
  level: facts.level.nullable().optional(),
  location: facts.location.nullable().optional(),
  managerEmail: facts.managerEmail.nullable().optional(),
  baseSalary: facts.baseSalary.nullable().optional(),
  fte: facts.fte.nullable().optional(),
});

export const person = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    status: z.enum(['active', 'suspended']),
    startDate: date,
    externalId: z.string().optional(),
    department: z.string().optional(),
    team: z.string().optional(),
    jobFamily: z.string().optional(),
    level: z.string().optional(),
    location: z.string().optional(),
    managerEmail: z.string().optional(),
    baseSalary: money.optional(),
    fte: z.number().optional(),
    createdAt: time,
  })
  .meta({ id: 'Person' });

export type Person = z.output<typeof person>;

/** People whose e-mail address or external id is exactly the given one, or all. */
export const peopleQuery = z.strictObject({
  ...pageQuery.shape,
  email: z.string().min(1).max(254).optional(),
  externalId: text(200).optional(),
});

export const people = pageOf(person);
