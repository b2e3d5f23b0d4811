import sys
from pathlib import Path

# The tests' own modules beside this file.
sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = [
    "backend_fixtures",
    "backend_database",
    "backend_programs",
    "digest_days",
    "forgetful_member",
]
