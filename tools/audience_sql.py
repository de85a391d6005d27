"""Who may see a change of a tracking at once, in SQL."""

# Whether somebody may see a row whose state has changed: `changed`, with `model`,
# `res_id` and `author_id`. Finds more people than are notified in the end (see
# `AUDIENCE_COLUMNS`), and is cheap: planning a join would take longer than all the rest
# of the statement. Messages without a document have no author here, and no screen shows
# their recipients.
IS_SEEN = """(EXISTS (SELECT FROM mail_tracking_viewer viewer
                       WHERE viewer.model = changed.model
                         AND viewer.res_id = changed.res_id)
              OR EXISTS (SELECT FROM mail_presence
                          WHERE status <> 'offline' AND user_id = ANY(ARRAY(
                                SELECT id FROM res_users
                                 WHERE partner_id = changed.author_id))))"""
