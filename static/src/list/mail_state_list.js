import { MAIL_STATE, MAIL_STATE_FIELDS } from "@mail_activity_tracking/list/mail_state_column";

import { _t } from "@web/core/l10n/translation";

/**
 * The controller of a list that has the column.
 *
 * @param {typeof import("@web/views/list/list_controller").ListController} Controller
 */
export const controllerOf = cached(
    (Controller) =>
        class extends Controller {
            get modelParams() {
                const params = super.modelParams;
                const { activeFields, fields } = params.config;
                this.archInfo.mailStateColumn.syncFields(activeFields, fields);
                return params;
            }

            /** Add the actions only while the column shows their failures. */
            getStaticActionMenuItems() {
                const isAvailable = () => this.archInfo.mailStateColumn.isShown;
                return {
                    ...super.getStaticActionMenuItems(),
                    mailTrackingRetry: {
                        isAvailable,
                        sequence: 46,
                        icon: "fa fa-refresh",
                        description: _t("Retry Failed Emails"),
                        callback: () => this.callOnFailures("action_mail_tracking_retry"),
                    },
                    mailTrackingReview: {
                        isAvailable,
                        sequence: 47,
                        icon: "fa fa-check",
                        description: _t("Mark Email Failures as Reviewed"),
                        callback: () => this.callOnFailures("action_mail_tracking_review"),
                    },
                };
            }

            /** Call a method on the selected records, and show its result. */
            async callOnFailures(method) {
                const ids = await this.model.root.getResIds(true);
                const { resModel } = this.props;
                const { context } = this.model.root;
                const action = await this.model.orm.call(resModel, method, [ids], { context });
                await this.actionService.doAction(action);
            }
        }
);

/**
 * The renderer of a list that has the column.
 *
 * @param {typeof import("@web/views/list/list_renderer").ListRenderer} Renderer
 */
export const rendererOf = cached(
    (Renderer) =>
        class extends Renderer {
            /** Leave the column out of the key of stored choices, which has all field names. */
            createViewKey() {
                return super
                    .createViewKey()
                    .split(",")
                    .filter((part) => !MAIL_STATE_FIELDS.includes(part))
                    .join(",");
            }

            computeOptionalActiveFields() {
                return {
                    ...super.computeOptionalActiveFields(),
                    [MAIL_STATE]: MAIL_STATE in this.props.list.activeFields,
                };
            }

            async toggleOptionalField(fieldName) {
                if (fieldName !== MAIL_STATE) {
                    return super.toggleOptionalField(fieldName);
                }
                const { mailStateColumn: column } = this.props.archInfo;
                column.isShown = !this.optionalActiveFields[fieldName];
                const { model } = this.props.list;
                if (column.isShown) {
                    await model.root.leaveEditMode();
                }
                column.syncFields(model.config.activeFields, model.config.fields);
                if (column.isShown) {
                    await model.load();
                }
                this.render();
            }
        }
);

/** Create one class per base class: for another class, Owl would mount the view again. */
function cached(makeClass) {
    const classes = new WeakMap();
    return (Base) => {
        if (!classes.has(Base)) {
            classes.set(Base, makeClass(Base));
        }
        return classes.get(Base);
    };
}
