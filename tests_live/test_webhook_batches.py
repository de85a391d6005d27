import os
import time
import uuid

from .webhook_batches import PROVIDERS, Event, batch
from .webhook_case import CLIENTS, LiveWebhookCase
from .world import world

# In requests of a thousand, of which every third comes twice.
EVENTS = int(os.environ.get("LIVE_WEBHOOK_BATCHED_EVENTS", "10000"))
BATCH = 1000
KINDS = ("delivered", "click", "deferral")


class TestWebhookBatches(LiveWebhookCase):
    """Three providers report to real servers in large batches."""

    def setUp(self):
        super().setUp()
        for name, (key, _written, _prove) in PROVIDERS.items():
            self.set_key(key, name)

    def post_batch(self, client, provider, events, server):
        """Post a batch as a provider does until it is taken; return the last status."""
        body, headers = batch(provider, events, int(time.time()))
        url = f"{server.url}/mail/tracking/webhook/{provider}/{self.hashed}"
        for _attempt in range(100):
            answer = client.post(url, data=body, headers=headers, timeout=60)
            if answer.status_code not in (429, 503):
                break
        return answer.status_code

    def batches_of(self, trackings):
        """Make batches of as many events as there shall be, each of one provider."""
        begin = time.time() - 3600
        for place in range(0, EVENTS, BATCH):
            events = []
            for number in range(place, min(place + BATCH, EVENTS)):
                tracking = trackings[number % len(trackings)]
                mail = (f"{tracking['token']}-1", tracking["recipient_address"])
                moment, key = begin + number / 1000, str(uuid.uuid4())
                events.append(Event(*mail, KINDS[number % 3], key, moment))
            yield list(PROVIDERS)[place // BATCH % len(PROVIDERS)], events

    def test_none_lost_none_double(self):
        """Eight clients of three providers, while mails are sent and the job runs."""
        trackings = self.reported_trackings()
        batches = list(self.batches_of(trackings))
        servers = world.servers()

        def post_some(place, client):
            statuses = set()
            for number, report in enumerate(batches[place::CLIENTS]):
                for _again in range(2 if number % 3 == 0 else 1):
                    server = servers[place % len(servers)]
                    statuses.add(self.post_batch(client, *report, server))
            return statuses

        self.post_while_sending(post_some)
        self.assertCounted(
            trackings, [event for _name, some in batches for event in some]
        )
