-- keys of providers, and the address that their reports and pixels point at
DELETE FROM ir_config_parameter
 WHERE key LIKE 'mail\_activity\_tracking.webhook\_key\_%'
    OR key = 'mail_activity_tracking.base_url';

-- under which keys the addresses of the original find it
DELETE FROM ir_config_parameter
 WHERE key LIKE 'mail\_activity\_tracking.%database\_key%';

-- which provider a server is, and what is asked of it
UPDATE ir_mail_server
   SET tracking_provider = NULL,
       dsn_request = 'no',
       direct_mx = false;

-- what providers have sent to the original
DELETE FROM mail_tracking_webhook;
