"""Which service gets which secret, in which file."""

import hashlib

from service_secrets.kept import KeptSecrets

DATABASE = "postgres:5432/decoupled"
CACHE = "redis:6379/0"


def files_of_each_service(kept: KeptSecrets) -> dict[str, dict[str, str]]:
    database_url = f"postgresql://decoupled:{kept['decoupled_password']}@{DATABASE}"
    published_database_url = (
        f"postgresql://heavy_computation:{kept['heavy_computation_password']}@{DATABASE}"
    )
    service_tokens = lines(kept, "service_token")
    return {
        "postgres": {
            "postgres_password": kept["postgres_password"],
            "decoupled_password": kept["decoupled_password"],
            "heavy_computation_password": kept["heavy_computation_password"],
        },
        "redis": {
            "users.acl": redis_users(
                kept.all_of("redis_password"), kept.all_of("mailer_redis_password")
            )
        },
        "migrate": {"database_url": database_url},
        "backend_server": {
            "database_url": database_url,
            "redis_url": f"redis://backend_server:{kept['redis_password']}@{CACHE}",
            "session_key": lines(kept, "session_key"),
            "reset_code_key": lines(kept, "reset_code_key"),
            "link_key": lines(kept, "link_key"),
            "service_token": service_tokens,
        },
        "heavy_computation": {
            "published_database_url": published_database_url,
            "service_token": service_tokens,
        },
        "mailer": {
            "redis_url": f"redis://mailer:{kept['mailer_redis_password']}@{CACHE}",
            "service_token": service_tokens,
            "resend_api_key": kept.given("resend_api_key"),
            "resend_webhook_secret": kept.given("resend_webhook_secret"),
            "smtp_url": kept.given("smtp_url"),
        },
        "traefik": {
            "certificate.pem": kept.given("certificate"),
            "certificate_key.pem": kept.given("certificate_key"),
        },
    }


def lines(kept: KeptSecrets, name: str) -> str:
    """The newest first: it signs, and what the others signed is still good."""
    return "\n".join(kept.all_of(name))


def redis_users(backend_server_passwords: list[str], mailer_passwords: list[str]) -> str:
    """The access list of Redis: who may only ask if it lives, and each service with what it uses.

    Nobody can sign in as `default`. It keeps all rights because Redis replays its log as `default`:
    with fewer, it would start without the data and say so only in its own log.
    """
    backend_server, mailer = _digests(backend_server_passwords), _digests(mailer_passwords)
    return (
        "user default off resetpass ~* &* +@all\n"
        "user health on nopass resetkeys resetchannels -@all +ping\n"
        f"user backend_server on {backend_server} ~* &* +@all -@admin -@dangerous\n"
        f"user mailer on {mailer} ~limits:mail_provider resetchannels"
        " -@all +evalsha +script|load +time +hget +hset +expire +client|setinfo +ping\n"
    )


def _digests(passwords: list[str]) -> str:
    return " ".join(f"#{hashlib.sha256(each.encode()).hexdigest()}" for each in passwords)
