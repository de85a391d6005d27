-- webhook keys, and the public URL of pixels and webhooks
DELETE FROM ir_config_parameter
 WHERE key LIKE 'mail\_activity\_tracking.webhook\_key\_%'
    OR key = 'mail_activity_tracking.base_url';

-- database keys: URLs of the original must not lead to the copy
DELETE FROM ir_config_parameter
 WHERE key LIKE 'mail\_activity\_tracking.%database\_key%';

-- provider of each mail server, and which reports are requested
UPDATE ir_mail_server
   SET tracking_provider = NULL,
       dsn_request = 'no',
       direct_mx = false;

-- requests that providers have sent to the original
DELETE FROM mail_tracking_webhook;
