import { definePlugin } from '@mortise/core/plugin';
import { writeOrder } from './write-order.ts';
import { writeService } from './write-service.ts';

export default definePlugin({
  hooks: {
    ad_service: { beforeWrite: writeService },
    ad_order: { beforeWrite: writeOrder },
  },
});
