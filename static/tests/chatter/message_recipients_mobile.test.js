import {
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, queryFirst, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("mobile");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";

test("one pill sums up the recipients and opens a sheet with all of them", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Olga", tracking: ["opened", false, 3] },
        { name: "Bob", tracking: ["bounced", false, "address_unknown"] },
        { address: "raw@example.com", tracking: ["sent", false] },
    ]);
    await contains(CHIP, { count: 1, text: "1 of 3 failed, 1 opened" });
    await click(CHIP);
    await contains(`.o-mail_activity_tracking-Sheet ${CHIP}`, { count: 3 });
    await contains(".o-mail_activity_tracking-Sheet [data-mail-tracking-status='opened']");
    await contains(".o-mail_activity_tracking-Sheet [data-mail-tracking-status='error']");
    await contains(".o-mail_activity_tracking-Sheet [data-mail-tracking-status='anonuser']");
    await contains(`.o-mail_activity_tracking-Sheet ${CHIP}`, {
        text: "Bob bounced: address unknown",
    });
});

test("a single recipient needs no sheet", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ann", tracking: ["delivered", false] }]);
    await contains(CHIP, { count: 1, text: "Ann" });
    expect("[data-mail-tracking-status='delivered']").toHaveCount(1);
});

test("the timeline opens from the sheet", async () => {
    const pyEnv = await startServer();
    onRpc("/mail/tracking/timeline", () => ({
        events: [{ attempt: 1, type: "sent", text: "Sent by us", time: 0, origin: "Mail server" }],
    }));
    await openMessage(pyEnv, [
        { name: "Ann", tracking: ["sent", false] },
        { name: "Bea", tracking: ["sent", false] },
    ]);
    await click(CHIP);
    await click(`.o-mail_activity_tracking-Sheet ${CHIP}:contains(Bea)`);
    await contains(".o-mail_activity_tracking-TrackingTimeline", { text: "Sent by us" });
});

test("targets are large enough for a finger", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ann", tracking: ["sent", false] }]);
    await contains(CHIP);
    expect(queryFirst(CHIP).getBoundingClientRect().height).toBeGreaterThan(43);
});
