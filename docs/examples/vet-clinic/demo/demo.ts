import { defineDemo } from '@mortise/core/plugin';

/** Sample data: a dog or a cat for each of twenty customers. */
export default defineDemo(async (demo) => {
  const { items } = await demo.list('customer', { fields: ['owner', 'unit'], limit: 20, count: 'none' });
  await demo.create(
    'pet',
    items.map((customer) => ({
      name: demo.random.pick(['旺财', '咪咪', '豆豆', '小白']),
      species: demo.random.weighted([
        ['dog', 3],
        ['cat', 2],
      ]),
      customer: customer['id'],
      owner: customer['owner'],
      unit: customer['unit'],
    })),
  );
});
