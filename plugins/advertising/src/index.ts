import { definePlugin } from '@mortise/core/plugin';
import { nameService } from './name-service.ts';
import { writeOrder } from './write-order.ts';

export default definePlugin({
  hooks: {
    ad_service: { beforeWrite: nameService },
    ad_order: { beforeWrite: writeOrder },
  },
});
