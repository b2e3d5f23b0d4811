import sys
from pathlib import Path

from hypothesis import settings

# The tests' own modules beside this file.
sys.path.insert(0, str(Path(__file__).parent))

# A machine that is busy with other things is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

pytest_plugins = ["mailer_fixtures"]
