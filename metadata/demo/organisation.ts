import type { DemoScope } from '@mortise/core/plugin';
import { mobile, person } from './people.ts';

/** Our own people as the other scripts need them. */
export interface Colleague {
  readonly user: string;
  readonly staff: string;
  readonly unit: string;
  readonly role: string;
}

/** Password of every sample user; the wizard and the README name it. */
const SAMPLE_PASSWORD = 'mortise-demo';

const UNITS = [
  ['marketing_center', '营销中心', '13800000001'],
  ['fair_office', '糖酒会办公室', '13800000002'],
  ['news_center', '新闻中心', '13800000003'],
  ['circulation', '发行部', '13800000004'],
  ['marketing_dept', '市场部', '13800000005'],
  ['general_service', '综合服务部', '13800000006'],
  ['finance', '财务部', '13800000007'],
] as const;

/** username, role, unit code, title; names come by chance. */
const USERS = [
  ['boss', 'decision_maker', 'marketing_center', 'gm'],
  ['manager', 'department_manager', 'marketing_center', 'dept_manager'],
  ['sales1', 'employee', 'marketing_center', 'sales_rep'],
  ['sales2', 'employee', 'marketing_center', 'sales_rep'],
  ['sales3', 'employee', 'marketing_dept', 'sales_rep'],
  ['sales4', 'employee', 'marketing_dept', 'sales_rep'],
  ['fair', 'employee', 'fair_office', 'supervisor'],
  ['news', 'employee', 'news_center', 'editor'],
  ['circulation', 'circulation_clerk', 'circulation', 'circulation_clerk'],
  ['entry', 'entry_clerk', 'general_service', 'service_rep'],
  ['reviewer', 'reviewer', 'general_service', 'supervisor'],
  ['finance', 'finance', 'finance', 'accountant'],
] as const;

const REGIONS: readonly (readonly string[])[] = [
  ['51', '50', '52', '53'],
  ['37', '41', '13', '14'],
  ['31', '32', '33', '34'],
  ['44', '45', '35', '46'],
];

/** Departments, sample users for every shipped role, and their staff records. */
export async function createOrganisation(demo: DemoScope): Promise<readonly Colleague[]> {
  const [company] = await demo.create('company', [
    {
      name: '榫卯糖酒传媒有限公司',
      name_en: 'Mortise Food & Drinks Media Co., Ltd.',
      address: '四川省成都市高新区天府大道中段 588 号',
      postcode: '610041',
      phone: '028-85330000',
      email: 'service@mortise.example',
    },
  ]);
  if (!company) throw new Error('the sample company was not created');
  const units = await demo.create(
    'unit',
    UNITS.map(([code, name, phone], index) => ({
      code,
      name,
      phone,
      unit_kind: 'function',
      sort: index + 1,
    })),
  );
  const unitOf = new Map(UNITS.map(([code], index) => [code as string, units[index]?.id ?? '']));
  const people = USERS.map(() => person(demo.random));
  const users = await demo.create(
    'user',
    USERS.map(([username, role, unit], index) => ({
      username,
      display_name: people[index]?.name ?? username,
      roles: [role],
      unit: unitOf.get(unit) ?? null,
      language: 'zh-CN',
    })),
  );
  for (const user of users) await demo.setPassword(user.id, SAMPLE_PASSWORD);
  const staff = await demo.create(
    'staff',
    USERS.map(([, , unit, title], index) => ({
      name: people[index]?.name ?? '',
      gender: people[index]?.gender ?? 'unknown',
      title,
      phone: mobile(demo.random),
      regions: REGIONS[index % REGIONS.length] ?? [],
      appraisal_grade: demo.random.pick(['A', 'B', 'B', 'C']),
      user: users[index]?.id ?? null,
      unit: unitOf.get(unit) ?? null,
    })),
  );
  return USERS.map(([, role, unit], index) => ({
    user: users[index]?.id ?? '',
    staff: staff[index]?.id ?? '',
    unit: unitOf.get(unit) ?? '',
    role,
  }));
}
