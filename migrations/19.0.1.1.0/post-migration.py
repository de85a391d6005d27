"""From 19.0.1.0.0: what Odoo does not update by itself."""

MODULE = "mail_activity_tracking"
# Jobs are marked noupdate, so that administrators can change when they run. Odoo would
# leave them with the code of the previous release.
JOBS = {
    "mail_tracking_email_cron_mend": "model._cron_mend_states()",
    "mail_tracking_webhook_cron": "model._cron_process()",
    "mail_tracking_email_cron_follow_up": "model._cron_follow_up()",
}


def migrate(cr, version):
    """Write the code of the jobs as in this release; may run several times.

    :param cr: cursor
    :param str version: installed version, None when the addon is being installed
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE ir_act_server action
           SET code = job.code
          FROM unnest(%s, %s) AS job (name, code), ir_model_data data, ir_cron cron
         WHERE data.module = %s
           AND data.name = job.name
           AND data.model = 'ir.cron'
           AND cron.id = data.res_id
           AND action.id = cron.ir_actions_server_id
        """,
        [list(JOBS), list(JOBS.values()), MODULE],
    )
