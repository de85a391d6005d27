from odoo import api, models
from odoo.tools import SQL

from ...tools.personal import pattern_of


class MailTrackingPersonalMixin(models.AbstractModel):
    """A model that keeps data about people, by their address.

    Its rows are part of a person's request: listed, exported, erased.
    """

    _name = "mail.tracking.personal.mixin"
    _description = "Personal Data of Email Tracking"

    # The fields of a row that the person may get: no texts that name others.
    _personal_fields = ()
    # Text columns that may name somebody besides the person that the row is about.
    _personal_texts = ()

    @api.model
    def _personal_models(self):
        """Return an empty recordset of each model that keeps personal data."""
        names = sorted(self.pool["mail.tracking.personal.mixin"]._inherit_children)
        return [self.env[name] for name in names if name in self.env]

    @api.model
    def _personal_records(self, address):
        """Return the rows about an address. To be overridden by each model.

        :param str address: normalised address
        :return: recordset of this model
        """
        return self.browse()

    def _personal_anonymise(self):
        """Remove the person from the rows; delete rows that have nothing else."""
        self._personal_delete()

    def _personal_delete(self):
        """Delete the rows."""
        self.unlink()

    @api.model
    def _personal_pattern(self, address):
        """Return the regular expression that finds an address in texts of the model."""
        return pattern_of(address)

    @api.model
    def _personal_mentions(self, address):
        """Build the condition for rows whose texts name an address.

        No index helps: it reads the table once, for a rare request.
        """
        pattern = self._personal_pattern(address)
        columns = map(SQL.identifier, self._personal_texts)
        return SQL(" OR ").join(SQL("%s ~* %s", column, pattern) for column in columns)

    @api.model
    def _personal_blank_mentions(self, address):
        """Empty the texts that name an address, and only these.

        :return: number of rows
        """
        if not self._personal_texts:
            return 0
        self.flush_model()
        pattern = self._personal_pattern(address)
        values = SQL(", ").join(
            SQL(
                "%(name)s = CASE WHEN %(name)s ~* %(p)s THEN NULL ELSE %(name)s END",
                name=SQL.identifier(name),
                p=pattern,
            )
            for name in self._personal_texts
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE %s",
                SQL.identifier(self._table),
                values,
                self._personal_mentions(address),
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount
