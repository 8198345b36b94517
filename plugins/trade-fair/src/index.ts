import { definePlugin } from '@mortise/core/plugin';
import { totalAdvertising } from './total-advertising.ts';

export default definePlugin({
  hooks: { fair_participation: { beforeWrite: totalAdvertising } },
});
