import { TrackingRecipient } from "@mail_activity_tracking/common/tracking_recipient";
import {
    TRACKING_STATES,
    remedyOf,
    statusIcon,
    trackingRow,
    trackingWords,
} from "@mail_activity_tracking/common/tracking_status";
import { REASONS, STATUSES } from "@mail_activity_tracking/common/vocabulary";
import { defineMailActivityTrackingModels } from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { start } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("headless");
defineMailActivityTrackingModels();

// state -> [status, counts as failed, words]
const EXPECTED = {
    waiting: ["waiting", false, "waiting"],
    canceled: ["error", false, "cancelled, not sent"],
    sent: ["sent", false, "sent, delivery not confirmed"],
    deferred: ["sent", false, "delayed, the mail server is still retrying"],
    delivered: ["delivered", false, "delivered"],
    error: ["error", true, "not sent"],
    noemail: ["noemail", true, "no email address"],
    rejected: ["error", true, "rejected: blocked by the email provider or mail server"],
    soft_bounced: ["error", true, "bounced: temporary delivery failure"],
    bounced: ["error", true, "bounced: returned by the recipient's mail server"],
    opened: ["opened", false, "opened"],
    unsub: ["opened", false, "opened, then unsubscribed"],
    spam: ["error", true, "marked as spam"],
    cc: ["cc", false, "in Cc, delivery not tracked"],
    to: ["unknown", false, "recipient of an incoming email, not tracked"],
    inbox: ["unknown", false, "notified in Odoo, no email sent"],
    unknown: ["unknown", false, "not tracked"],
};

test("every state has its status and its words", async () => {
    await start();
    expect(Object.keys(TRACKING_STATES)).toEqual(Object.keys(EXPECTED));
    for (const [state, [status, isFailed, words]] of Object.entries(EXPECTED)) {
        expect(trackingRow(state).status).toBe(status);
        expect(Boolean(trackingRow(state).isFailed)).toBe(isFailed);
        expect(String(trackingWords(state))).toBe(words);
    }
});

test("a state that nobody knows is unknown", async () => {
    await start();
    expect(trackingRow("future").status).toBe("unknown");
    expect(String(trackingWords("future", "other"))).toBe("not tracked");
});

test("failures give the reason, openings their number", async () => {
    await start();
    for (const [code, { words }] of Object.entries(REASONS)) {
        expect(String(trackingWords("error", code))).toBe(`not sent: ${words}`);
    }
    expect(String(trackingWords("error", "mailbox_full"))).toBe("not sent: mailbox full");
    expect(String(trackingWords("error", "unknown"))).toBe("not sent");
    expect(String(trackingWords("error", "future"))).toBe("not sent");
    expect(String(trackingWords("canceled", "mail_optout"))).toBe(
        "cancelled, not sent: recipient opted out"
    );
    expect(String(trackingWords("opened", 1))).toBe("opened");
    expect(String(trackingWords("opened", 3))).toBe("opened 3 times");
});

test("who has no address is told so once", async () => {
    await start();
    expect(String(trackingWords("noemail", "mail_email_missing"))).toBe("no email address");
});

test("every failure has an advice, of its reason before that of its state", async () => {
    await start();
    const adviceOf = (state, detail) => String(new TrackingRecipient({ state, detail }).advice);
    for (const state of Object.keys(TRACKING_STATES).filter((key) => trackingRow(key).isFailed)) {
        expect(adviceOf(state)).not.toBe("");
        for (const code of Object.keys(REASONS)) {
            expect(adviceOf(state, code)).not.toBe("");
        }
    }
    expect(adviceOf("error", "domain_unknown")).toBe("Check the spelling of the email address.");
    expect(adviceOf("bounced", "mailbox_disabled")).toBe(
        "Ask the recipient for another email address."
    );
    expect(adviceOf("error", "future")).toBe("Try again later.");
    expect(adviceOf("opened", 2)).toBe("");
});

test("the action goes with the advice", async () => {
    await start();
    expect(remedyOf("error", "address_unknown").action).toBe("edit");
    expect(remedyOf("spam", "mail_dup").action).toBe("review");
    expect(remedyOf("error").action).toBe("retry");
    expect(new TrackingRecipient({ state: "noemail" }).action).toBe("edit");
    expect(remedyOf("opened").action).toBe(undefined);
});

test("nine statuses, nine shapes", () => {
    const shapes = Object.keys(STATUSES).map((status) => statusIcon(status).split(" ")[1]);
    expect(new Set(shapes).size).toBe(9);
});
