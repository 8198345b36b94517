import { definePlugin } from '@mortise/core/plugin';
import { writeSubscription } from './write-subscription.ts';

export default definePlugin({
  hooks: { subscription: { beforeWrite: writeSubscription } },
});
