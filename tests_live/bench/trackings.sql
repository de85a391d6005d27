-- What the addon has stored beside what core stores: a tracking and two events for each
-- email that core knows of.
INSERT INTO mail_tracking_email
       (name, sender, message_id, mail_message_id, mail_id, model, res_id, author_id,
        partner_id, recipient, recipient_address, recipient_type, state, state_time,
        attempt, token, create_date, write_date)
SELECT message.subject, '"Mitchell Admin" <admin@example.com>', message.message_id,
       message.id, message.id, message.model, message.res_id, message.author_id,
       recipient.id, '"Name Surname" <' || recipient.email || '>', recipient.email, 'to',
       CASE notification.notification_status WHEN 'bounce' THEN 'bounced'
            ELSE (ARRAY['sent', 'delivered', 'opened'])[1 + notification.id %% 3] END,
       now(), 1, substr(md5(notification.id::text), 1, 26), now(), now()
  FROM mail_notification notification
  JOIN mail_message message ON message.id = notification.mail_message_id
  JOIN res_partner recipient ON recipient.id = notification.res_partner_id
 WHERE recipient.name LIKE 'Bench %%'
 ORDER BY notification.id;
INSERT INTO mail_tracking_event
       (tracking_email_id, attempt, event_type, source, time, server, diagnostic)
SELECT tracking.id, 1, kind, source, now(), server, diagnostic
  FROM mail_tracking_email tracking
  JOIN (VALUES ('queued', 'queue', NULL, NULL),
               ('sent', 'smtp', 'smtp.example.com:587',
                '250 2.0.0 Ok: queued as 4bXyZ12345z6789')
       ) event(kind, source, server, diagnostic) ON TRUE
 ORDER BY tracking.id, kind;
