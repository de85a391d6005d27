import { registry } from "@web/core/registry";

const FAILURE = ".o-mail_activity_tracking-TrackingFailure";
const RECIPIENT = ".o-mail_activity_tracking-Recipient";

registry.category("web_tour.tours").add("mail_activity_tracking.keyboard", {
    steps: () => [
        {
            content: "The recipient is reached with the Tab key",
            // all that the chatter loads is there: nothing moves any more
            trigger: `.o-mail-Chatter:has(${FAILURE}) ${RECIPIENT}:contains('Bob Bounce')`,
            async run({ press }) {
                document.querySelector(".o-mail-Chatter-sendMessage").focus();
                for (let count = 0; count < 100; count++) {
                    if (document.activeElement.matches(RECIPIENT)) {
                        break;
                    }
                    await press("Tab");
                }
            },
        },
        { trigger: `${RECIPIENT}:focus`, run: "press Enter" },
        {
            content: "The story says why it failed and what to do",
            trigger:
                ".o-mail_activity_tracking-TrackingTimeline:contains('address unknown'):contains('Check the spelling')",
            run: "press Escape",
        },
        { trigger: "body:not(:has(.o-mail_activity_tracking-TrackingTimeline))" },
        { content: "The focus is where it was", trigger: `${RECIPIENT}:focus` },
    ],
});
