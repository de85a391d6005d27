import { useEffect } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";

/** Number of components per channel: a dialog may show the same document. */
const viewCounts = new Map();

/**
 * Subscribe to status changes of a document's messages while the component shows it.
 *
 * @param {() => import("models").Thread|undefined} getThread
 */
export function useDocumentChannel(getThread) {
    const bus = useService("bus_service");
    useEffect(
        (model, id) => {
            if (!model || !id || model === "discuss.channel") {
                return;
            }
            const channel = `mail_tracking:${model}:${id}`;
            const count = viewCounts.get(channel) || 0;
            viewCounts.set(channel, count + 1);
            if (!count) {
                bus.addChannel(channel);
            }
            return () => {
                const left = viewCounts.get(channel) - 1;
                viewCounts.set(channel, left);
                if (!left) {
                    viewCounts.delete(channel);
                    bus.deleteChannel(channel);
                }
            };
        },
        () => [getThread()?.model, getThread()?.id]
    );
}
