-- What core alone stores: contacts, messages, and whom each was sent to.
-- Values: contacts, messages of each contact, recipients of each message. One in fifty bounced.
INSERT INTO res_partner
       (name, complete_name, email, email_normalized, active, type, create_date,
        write_date)
SELECT 'Bench ' || i, 'Bench ' || i, 'bench' || i || '@example.com',
       'bench' || i || '@example.com', TRUE, 'contact', now(), now()
  FROM generate_series(1, %(contacts)s) i;
CREATE TEMPORARY TABLE bench_contact AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
  FROM res_partner WHERE name LIKE 'Bench %%';
CREATE INDEX ON bench_contact (place);
ANALYZE bench_contact;
INSERT INTO mail_message
       (model, res_id, message_type, subtype_id, author_id, subject, body, date,
        message_id, create_date, write_date)
SELECT 'res.partner', contact.id, 'comment', data.res_id, author.partner_id,
       'A subject of usual length ' || i, '<p>Hello</p>', now(),
       '<' || i || '.1795500000.123456789012345-openerp-42-res.partner@host>', now(),
       now()
  FROM generate_series(0, %(contacts)s * %(messages)s - 1) i
  JOIN bench_contact contact ON contact.place = i %% %(contacts)s
  JOIN res_users author ON author.login = 'admin'
  JOIN ir_model_data data ON data.module = 'mail' AND data.name = 'mt_comment'
 ORDER BY i;
INSERT INTO mail_notification
       (mail_message_id, res_partner_id, author_id, notification_type,
        notification_status, is_read)
SELECT message.id, recipient.id, message.author_id, 'email',
       CASE WHEN abs(hashint8(message.id * 16 + i)) %% 50 = 0 THEN 'bounce'
            ELSE 'sent' END, TRUE
  FROM mail_message message
  JOIN bench_contact contact ON contact.id = message.res_id
  JOIN generate_series(0, %(recipients)s - 1) i ON TRUE
  JOIN bench_contact recipient
    ON recipient.place = (contact.place + i) %% %(contacts)s
 WHERE message.model = 'res.partner'
 ORDER BY message.id, i;
