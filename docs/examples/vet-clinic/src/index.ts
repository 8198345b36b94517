import { definePlugin } from '@mortise/core/plugin';
import { planBooster } from './plan-booster.ts';

export default definePlugin({
  hooks: { pet: { beforeWrite: planBooster } },
});
