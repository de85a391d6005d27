import {
    clickMore,
    createFailure,
    defineMailActivityTrackingModels,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { contains, openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";

import { describe, expect, queryFirst, test } from "@odoo/hoot";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CARD = ".o-mail-Message";
const FAILURE = ".o-mail_activity_tracking-TrackingFailure";

/** Review the failure of a card as who works with the keyboard does. */
async function reviewFrom(card, left) {
    queryFirst(`${card} ${FAILURE}-more`).focus();
    await clickMore(`${card} ${FAILURE}`, "Mark as reviewed");
    await contains(CARD, { count: left });
}

test("the focus goes on to the next card, at last to the mailbox", async () => {
    const pyEnv = await startServer();
    for (const name of ["Ann", "Bob", "Carla"]) {
        createFailure(pyEnv, { names: [name], subject: `Mail to ${name}` });
    }
    await start();
    await openDiscuss("mail.box_failed");
    await contains(CARD, { count: 3 });
    await reviewFrom(`${CARD}:contains('Mail to Bob')`, 2);
    // the newest stands first
    expect(`${CARD}:contains('Mail to Ann') button:contains('Edit contact')`).toBeFocused();
    await reviewFrom(`${CARD}:contains('Mail to Ann')`, 1);
    expect(`${CARD}:contains('Mail to Carla') button:contains('Edit contact')`).toBeFocused();
    await reviewFrom(`${CARD}:contains('Mail to Carla')`, 0);
    expect(".o-mail-Thread").toBeFocused();
});
