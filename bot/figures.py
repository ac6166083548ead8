"""What is counted as it happens, for `/metrics`: messages taken in, how long they took, what became of those sent.

No figure names a person or their words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, platform_collector, process_collector

from bot.channels.outcome import NotSent, Outcome

REGISTRY = CollectorRegistry()
process_collector.ProcessCollector(registry=REGISTRY)
platform_collector.PlatformCollector(registry=REGISTRY)

HEARD = Counter("yousaid_heard", "Messages taken in and committed", ["channel", "outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("yousaid_turn_seconds", "From a message's arrival to its commit", registry=REGISTRY)
DELIVERED = Counter("yousaid_deliveries", "Attempts to send, by outcome", ["channel", "outcome"], registry=REGISTRY)


def delivered(channel: str, outcome: Outcome) -> None:
    """One attempt: sent, unknown, or why it certainly was not sent (blocked, refused, too_fast, fatal, not_sent)."""
    DELIVERED.labels(channel, _in_a_word(outcome)).inc()


def _in_a_word(outcome: Outcome) -> str:
    if not isinstance(outcome, NotSent):
        return type(outcome).__name__.lower()
    for word, is_so in (("fatal", outcome.fatal), ("blocked", outcome.blocked), ("refused", outcome.refused)):
        if is_so:
            return word
    return "not_sent" if outcome.retry_after is None else "too_fast"
