import { definePlugin } from '@mortise/core/plugin';
import { microchip } from './microchip.ts';
import { planBooster } from './plan-booster.ts';

export default definePlugin({
  fieldTypes: [microchip],
  hooks: { pet: { beforeWrite: planBooster } },
});
