from odoo import api, models
from odoo.tools import SQL


class MailTrackingReadableMixin(models.AbstractModel):
    """Records that an employee may read when another one is readable.

    Administrators find all that the company rule leaves them, and read what they may
    read with the other record besides: of a document that companies share.
    """

    _name = "mail.tracking.readable.mixin"
    _description = "Readable With Another Record"

    # Name of the many2one to the record that decides; without one nobody may read.
    _readable_with = None

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        bypass_access=False,
        **kwargs,
    ):
        """Leave out what the user may not read, page by page as `mail.message` does."""
        query = super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )
        if bypass_access or self._reads_all():
            return query
        self.flush_model([self._readable_with])
        self.env.cr.execute(
            query.select(
                SQL.identifier(self._table, "id"),
                SQL.identifier(self._table, self._readable_with),
            )
        )
        rows = self.env.cr.fetchall()
        readable = self._filter_readable(other for _id, other in rows)
        allowed = self.browse(id_ for id_, other in rows if other in readable)
        return allowed._as_query(order)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        if self._reads_all():
            if not result or operation != "read":
                return result
            forbidden = result[0]._not_readable()
            return (forbidden, result[1]) if forbidden else None
        forbidden = self._not_readable()
        if not forbidden:
            return result
        if result:
            return (result[0] | forbidden, result[1])
        return forbidden, lambda: forbidden._make_access_error(operation)

    def _not_readable(self):
        """Return those of the records whose other record the user may not read."""
        others = {record.id: record[self._readable_with].id for record in self.sudo()}
        readable = self._filter_readable(others.values())
        return self.browse(i for i, other in others.items() if other not in readable)

    def _reads_all(self):
        return self.env.su or self.env.user._is_system()

    def _filter_readable(self, other_ids):
        """Return the ids of those of the other records that the user may read."""
        model = self._fields[self._readable_with].comodel_name
        others = self.env[model].browse(sorted({other for other in other_ids if other}))
        return set(others._filtered_access("read").ids)

    def _make_access_error(self, operation):
        rules = self.env["ir.rule"]
        return rules._make_access_error(operation, self)
