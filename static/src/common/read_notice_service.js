import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Notifies users who want it that an email was read, see `_tell_read`. */
registry.category("services").add("mail_activity_tracking.read_notice", {
    dependencies: ["action", "bus_service", "mail_activity_tracking.failures"],
    start(env, { action, bus_service: bus, "mail_activity_tracking.failures": failures }) {
        bus.subscribe("mail_activity_tracking/read", ({ text, model, id }) =>
            failures.addWithButton(text, _t("Open"), () =>
                action.doAction({
                    type: "ir.actions.act_window",
                    res_model: model,
                    res_id: id,
                    views: [[false, "form"]],
                })
            )
        );
    },
});
