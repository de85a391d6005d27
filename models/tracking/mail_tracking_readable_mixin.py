import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from ...tools.whole_patterns import with_whole_patterns

# sudo: only reads the id of the deciding record, whose access is checked then.

# How many rows a search fetches at once, and for how many it checks access at once.
LEAST_ROWS, MOST_ROWS, BATCH = 200, 10_000, 1_000
ID_TERM = re.compile(r"(^|,)\s*id\b")


class MailTrackingReadableMixin(models.AbstractModel):
    """Records that an employee may read when they may read another record.

    Administrators find all records that the company rule allows. They may also read
    those that it forbids, if they may read the other record: a document may be shared
    between companies.
    """

    _name = "mail.tracking.readable.mixin"
    _description = "Access Follows Another Record"

    # Name of the many2one to the deciding record; where it is empty, nobody may read.
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
        """Leave out records that the user may not read, then apply offset and limit.

        The other way round, the length of a page would reveal whether a hidden record
        meets the domain. No answer, and no error (see `tools.whole_patterns`), may
        depend on a record that the user may not read.
        """
        if bypass_access or self._reads_all():
            return super()._search(
                domain, offset, limit, order, bypass_access=bypass_access, **kwargs
            )
        domain = with_whole_patterns(domain)
        if order and not ID_TERM.search(order):
            # Nor may the order of records that are equal otherwise depend on one.
            order = f"{order}, id"
        if domains := self._readable_domains():
            readable, asked = domains
            few = super()._search(domain & asked, limit=MOST_ROWS, **kwargs)
            ids = self._readable_of_few(few)
            if ids is not None:
                readable = domain & (readable | Domain("id", "in", ids))
                return super()._search(readable, offset, limit, order, **kwargs)
        query = super()._search(domain, order=order, **kwargs)
        offset = max(int(offset or 0), 0)  # as PostgreSQL understands what RPC brings
        wanted = offset + int(limit) if limit else None
        ids = self._readable_ids(query, wanted)
        return self.browse(ids[offset:wanted])._as_query(order)

    def _readable_of_few(self, query):
        """Return the ids of a query's records that the user may read, None if many."""
        rows = [] if query.is_empty() else self._rows(query)
        if len(rows) == MOST_ROWS:
            return None
        readability = {False: False, None: False}
        self._look_up_readable({other for _id, other in rows}, readability)
        return [id_ for id_, other in rows if readability[other]]

    @api.model
    def _readable_domains(self):
        """Return two domains: of records that are readable, and of those to check.

        Models that extend the mixin may override it. By default it returns None: all
        records have to be checked.
        """
        return

    def _readable_ids(self, query, wanted):
        """Return the ids of the records of a query that the user may read, in batches.

        :param Query query: query with its order; its limit and offset are set here
        :param int wanted: how many ids are enough, None for all
        :rtype: list
        """
        ids, readability = [], {False: False, None: False}
        query.offset = 0
        query.limit = MOST_ROWS
        if wanted is not None:
            query.limit = min(max(LEAST_ROWS, 2 * wanted), MOST_ROWS)
        while wanted is None or len(ids) < wanted:
            rows = self._rows(query)
            self._look_up_readable({other for _id, other in rows}, readability)
            ids += [id_ for id_, other in rows if readability[other]]
            if len(rows) < query.limit:
                break
            query.offset += query.limit
            query.limit = min(2 * query.limit, MOST_ROWS)
        return ids

    def _rows(self, query):
        """Return the ids of a query's records, each with that of the other record."""
        names = ("id", self._readable_with)
        columns = [self._field_to_sql(self._table, name, query) for name in names]
        return self.env.execute_query(query.select(*columns))

    def _look_up_readable(self, other_ids, readability):
        """Look up which of the other records the user may read, without caching them.

        :param set other_ids: ids of the other records
        :param dict readability: id to whether it is readable, completed in place
        """
        new = sorted(other_ids - readability.keys())
        for batch in split_every(BATCH, new):
            readable = self._filter_readable(batch)
            readability.update((other, other in readable) for other in batch)
            if len(new) > BATCH:  # a search through all records would fill the memory
                self._other_records(batch).invalidate_recordset(flush=False)

    def _check_access(self, operation):
        if any(isinstance(id_, str) for id_ in self._ids):  # whatever RPC has brought
            return self, lambda: self.browse()._make_access_error(operation)
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
        """Return the records whose other record the user may not read."""
        others = {record.id: record[self._readable_with].id for record in self.sudo()}
        readable = self._filter_readable(others.values())
        return self.browse(i for i, other in others.items() if other not in readable)

    def _reads_all(self):
        return self.env.su or self.env.user._is_system()

    def _filter_readable(self, other_ids):
        """Return the ids of the other records that the user may read."""
        others = self._other_records(sorted({other for other in other_ids if other}))
        return set(others._filtered_access("read").ids)

    def _other_records(self, ids):
        return self.env[self._fields[self._readable_with].comodel_name].browse(ids)

    def _make_access_error(self, operation):
        rules = self.env["ir.rule"]
        return rules._make_access_error(operation, self)
