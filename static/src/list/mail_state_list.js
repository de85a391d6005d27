import { MAIL_STATE, MAIL_STATE_FIELDS } from "@mail_activity_tracking/list/mail_state_column";

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
            /** The key under which choices are kept has the names of all fields in it. */
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

/** Make one class of each class: another one would be mounted anew. */
function cached(makeClass) {
    const classes = new WeakMap();
    return (Base) => {
        if (!classes.has(Base)) {
            classes.set(Base, makeClass(Base));
        }
        return classes.get(Base);
    };
}
