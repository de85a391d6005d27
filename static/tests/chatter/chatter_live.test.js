import {
    createMessage,
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { waitForChannels } from "@bus/../tests/bus_test_helpers";
import {
    contains,
    openFormView,
    openListView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const STATUS = "[data-mail-tracking-status]";

/** What the server pushes to a document's channel. */
function push(pyEnv, channel, values) {
    pyEnv["bus.bus"]._sendone(channel, "mail.record/insert", values);
}

test("the channel of a document is listened to while its chatter is shown", async () => {
    const pyEnv = await startServer();
    const first = createMessage(pyEnv, [{ name: "Ann", tracking: ["sent", 1] }]);
    const second = createMessage(pyEnv, [{ name: "Bob", tracking: ["sent", 1] }]);
    await start();
    await openFormView("res.partner", first.recordId);
    await waitForChannels([`mail_tracking:res.partner:${first.recordId}`]);
    await openFormView("res.partner", second.recordId);
    await waitForChannels([`mail_tracking:res.partner:${second.recordId}`]);
    await waitForChannels([`mail_tracking:res.partner:${first.recordId}`], {
        operation: "delete",
    });
    await openListView("res.partner", { arch: "<list><field name='name'/></list>" });
    await waitForChannels([`mail_tracking:res.partner:${second.recordId}`], {
        operation: "delete",
    });
});

test("a colleague's message changes while one looks", async () => {
    const pyEnv = await startServer();
    const author = pyEnv["res.partner"].create({ name: "Colleague" });
    const { recordId, notificationIds } = await openMessage(
        pyEnv,
        [{ name: "Ann", tracking: ["waiting", 1] }],
        { author_id: author }
    );
    const channel = `mail_tracking:res.partner:${recordId}`;
    await waitForChannels([channel]);
    await contains("[data-mail-tracking-status='waiting']");
    push(pyEnv, channel, {
        "mail.notification": [{ id: notificationIds[0], tracking: ["sent", 2] }],
    });
    await contains("[data-mail-tracking-status='sent']");
    push(pyEnv, channel, {
        "mail.notification": [{ id: notificationIds[0], tracking: ["opened", 3, 1] }],
    });
    await contains("[data-mail-tracking-status='opened']");
    await contains(STATUS, { count: 1 });
});
