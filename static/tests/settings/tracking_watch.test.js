import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Probe extends models.Model {
    step = fields.Char();
    is_going_on = fields.Boolean();
    _records = [{ id: 1, step: "Waiting", is_going_on: true }];
}

defineMailModels();
defineModels([Probe]);

/** Show the form and return how often it was read. */
async function mountProbe() {
    const seen = { reads: 0 };
    onRpc("probe", "web_read", () => {
        seen.reads++;
    });
    await mountView({
        type: "form",
        resModel: "probe",
        resId: 1,
        arch: `<form>
            <field name="is_going_on" invisible="1"/>
            <field name="step" readonly="1"/>
            <widget name="mail_tracking_watch" invisible="not is_going_on"/>
        </form>`,
    });
    return seen;
}

test("the form follows the mail until there is nothing more to come", async () => {
    const seen = await mountProbe();
    expect(seen.reads).toBe(1);
    expect("[name=step]").toHaveText("Waiting");
    MockServer.env.probe.write([1], { step: "Opened", is_going_on: false });
    await advanceTime(2000);
    await animationFrame();
    expect("[name=step]").toHaveText("Opened");
    expect(seen.reads).toBe(2);
    await advanceTime(10000);
    expect(seen.reads).toBe(2);
});

test("a form that was forgotten asks the server no more", async () => {
    const seen = await mountProbe();
    await advanceTime(3600 * 1000);
    await animationFrame();
    const { reads } = seen;
    expect(reads).toBeGreaterThan(1);
    expect(reads).toBeLessThan(400);
    await advanceTime(3600 * 1000);
    expect(seen.reads).toBe(reads);
});
