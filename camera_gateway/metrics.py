"""What is counted, in a registry that is given: two gateways in one process do not count together."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """The gateway's counters."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.reports = Counter("tillsyn_gateway_reports", "Reports written, by kind.", ["kind"], registry=registry)
        self.sent = Counter("tillsyn_gateway_sent", "Messages that the stream has acknowledged.", registry=registry)
        self.looks = Counter("tillsyn_gateway_looks", "Looks answered with a picture.", registry=registry)
        self.refused = Counter("tillsyn_gateway_refused", "Looks refused, by fault.", ["fault"], registry=registry)
        self.openings = Counter("tillsyn_gateway_openings", "Openings of a camera, by whom.", ["by"], registry=registry)
        self.faults = Counter(
            "tillsyn_gateway_camera_faults", "Openings without a picture, by reason.", ["reason"], registry=registry
        )
        self.spooled = Gauge("tillsyn_gateway_spooled", "Messages that wait to be sent.", registry=registry)
        self.given_up = Gauge(
            "tillsyn_gateway_given_up",
            "Messages of less worth than a check given up since the start, for want of room.",
            registry=registry,
        )
