"""Which part of the system is told which settings: its own and no other's."""

from collections.abc import Iterable, Mapping

LOG_SETTINGS = ("LOG_FORMAT", "LOG_LEVEL")
# OpenTelemetry's own name.
TRACE_SETTINGS = ("OTEL_EXPORTER_OTLP_ENDPOINT",)
# Lines appear when they are written, and their colours are the console's business.
WITHOUT_A_TERMINAL = {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}

_BACKEND = (
    "DATABASE_URL",
    "REDIS_URL",
    "SESSION_KEY",
    "RESET_CODE_KEY",
    "LINK_KEY",
    "SERVICE_TOKEN",
    "HEAVY_COMPUTATION_ADDRESS",
    "MAILER_ADDRESS",
    "PUBLIC_URL",
    "ALLOWED_ORIGINS",
    "TRUSTED_PROXIES",
    "SIGN_IN_FAILURES_PER_NETWORK",
    "REGISTRATIONS_PER_NETWORK",
    "RESET_REQUESTS_PER_NETWORK",
    "RESET_GUESSES_PER_NETWORK",
    "RESET_GUESSES_PER_HOUR",
    "BACKEND_BIND",
    "BACKEND_WORKERS",
    "BACKEND_THREADS",
    "BACKEND_LEAVE_SECONDS",
    "REFUSE_COMMON_PASSWORDS",
    "WORKER_HEARTBEAT_SECONDS",
    "WORKER_STALLED_AFTER_SECONDS",
    "WORKER_RECOVERY_SECONDS",
    "MAIL_WARM_UP_SINCE",
    "MAIL_WARM_UP_CAPS",
)

SETTINGS_OF: Mapping[str, tuple[str, ...]] = {
    "migrate": ("DATABASE_URL", *LOG_SETTINGS),
    "heavy_computation": (
        "HEAVY_COMPUTATION_BIND",
        "HEAVY_COMPUTATION_METRICS_BIND",
        "PUBLISHED_DATABASE_URL",
        "INDEX_FOLDER",
        "SERVICE_TOKEN",
        *LOG_SETTINGS,
        *TRACE_SETTINGS,
    ),
    "mailer": (
        "MAILER_BIND",
        "MAILER_METRICS_BIND",
        "SERVICE_TOKEN",
        "PUBLIC_URL",
        "MAIL_FROM",
        "MAIL_FROM_ACCOUNTS",
        "RESEND_API_KEY",
        "RESEND_API_URL",
        "RESEND_CALLS_PER_SECOND",
        "RESEND_WEBHOOK_SECRET",
        "REDIS_URL",
        "OUTBOX_FOLDER",
        "INBOX_BIND",
        "INBOX_BEHIND_PROXY",
        *LOG_SETTINGS,
        *TRACE_SETTINGS,
    ),
    "worker": (*_BACKEND, "WORKER_METRICS_BIND", *LOG_SETTINGS, *TRACE_SETTINGS),
    "backend_server": (*_BACKEND, "BACKEND_METRICS_BIND", *LOG_SETTINGS, *TRACE_SETTINGS),
    "web": ("WEB_HOST", "WEB_PORT", "BACKEND_URL"),
}


def environment_for(
    part: str, computed: Mapping[str, str], variables: Mapping[str, str]
) -> dict[str, str]:
    """The part's environment.

    Args:
        computed: what the launcher decided on; for a part it wins over `variables`.
        variables: our own environment; what is no setting of any part (PATH, HOME) goes to all.
    """
    ours = set(_with_file_variants(name for names in SETTINGS_OF.values() for name in names))
    environment = {name: value for name, value in variables.items() if name not in ours}
    for name in SETTINGS_OF[part]:
        for variant in _with_file_variants([name]):
            if variant in variables:
                environment[variant] = variables[variant]
        if name in computed:
            environment.pop(f"{name}_FILE", None)
            environment[name] = computed[name]
    return environment | WITHOUT_A_TERMINAL


def _with_file_variants(names: Iterable[str]) -> list[str]:
    return [variant for name in names for variant in (name, f"{name}_FILE")]
